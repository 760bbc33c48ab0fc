namespace Emu.Editing.Plans;

/// <summary>Why an instruction was refused.</summary>
public enum InstructionError
{
    /// <summary>There are no words.</summary>
    Empty,

    /// <summary>It is longer than <see cref="PlanReader.MaxLength"/>, or has more clauses than <see cref="PlanReader.MaxSteps"/>.</summary>
    TooLong,

    /// <summary>A clause is not understood, or is no edit.</summary>
    NotUnderstood,

    /// <summary>The clause is understood, but not for that part of the picture: "rotate the cat".</summary>
    TargetNotSupported,

    /// <summary>The clause says what is not to be done, or what is to be kept, and that cannot be promised.</summary>
    ConstraintNotSupported,

    /// <summary>The clause is understood, but belongs to another task than the one that was asked for.</summary>
    OtherTask,

    /// <summary>A number lies outside what the operation accepts.</summary>
    OutOfRange,

    /// <summary>A step is about something that is only known by a mask, and none was given.</summary>
    MaskNeeded,
}

/// <summary>An instruction cannot be carried out as a plan. The message names the clause and says what would be accepted.</summary>
/// <param name="code">Why.</param>
/// <param name="clause">The clause in question, in the user's words.</param>
/// <param name="message">What is wrong and what is accepted.</param>
/// <param name="suggestion">A wording that would be understood; null if none is near.</param>
public sealed class InstructionException(InstructionError code, string clause, string message, string? suggestion = null) : Exception(message)
{
    /// <summary>Why.</summary>
    public InstructionError Code { get; } = code;

    /// <summary>The clause in question, in the user's words.</summary>
    public string Clause { get; } = clause;

    /// <summary>A wording that would be understood; null if none is near.</summary>
    public string? Suggestion { get; } = suggestion;
}

/// <summary>A model that follows instructions in free form.</summary>
/// <param name="Model">Its name.</param>
/// <param name="HasMask">Whether a mask was given; without one the model follows what only a mask could show.</param>
public sealed record InstructionFollower(string Model, bool HasMask);
