using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>A job to be queued.</summary>
/// <param name="Draft">What is asked for.</param>
/// <param name="Picture">The picture it begins with, if any.</param>
/// <param name="Place">Where it was read, for messages, with a colon behind; empty for the command line.</param>
internal sealed record BatchedJob(JobDraft Draft, InputPicture? Picture, string Place = "");
