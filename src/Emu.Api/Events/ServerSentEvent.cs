namespace Emu.Api.Events;

/// <summary>One event of a stream.</summary>
/// <param name="Name">Its name, for example <c>video.in_progress</c>.</param>
/// <param name="Id">What a client gives back as <c>Last-Event-ID</c> when it comes again.</param>
/// <param name="Data">What is written as its JSON.</param>
public sealed record ServerSentEvent(string Name, string Id, object Data);
