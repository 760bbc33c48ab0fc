namespace Emu.Pipeline.Jobs;

/// <summary>What a job makes.</summary>
public enum JobKind
{
    /// <summary>A video from a text, a picture, or both.</summary>
    Video,

    /// <summary>A picture from a text.</summary>
    Image,

    /// <summary>A picture edited as an instruction says.</summary>
    Edit,
}
