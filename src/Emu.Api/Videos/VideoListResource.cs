namespace Emu.Api.Videos;

/// <summary>A page of videos.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The videos.</param>
/// <param name="FirstId">The first one's id; null if there is none.</param>
/// <param name="LastId">The last one's id, to go on after; null if there is none.</param>
/// <param name="HasMore">Whether more follow.</param>
public sealed record VideoListResource(string Object, IReadOnlyList<VideoResource> Data, string? FirstId, string? LastId, bool HasMore);
