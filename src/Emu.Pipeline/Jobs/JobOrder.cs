namespace Emu.Pipeline.Jobs;

/// <summary>Which jobs a listing gives first.</summary>
public enum JobOrder
{
    /// <summary>The newest first.</summary>
    NewestFirst,

    /// <summary>The oldest first.</summary>
    OldestFirst,
}
