namespace Emu.Api.Jobs;

/// <summary>Says that something was deleted.</summary>
/// <param name="Id">What was.</param>
/// <param name="Object">Its kind: <c>video.deleted</c>, <c>image.deleted</c>.</param>
/// <param name="Deleted">Always true.</param>
public sealed record DeletedResource(string Id, string Object, bool Deleted = true);
