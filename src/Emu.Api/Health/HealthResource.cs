using System.ComponentModel;

namespace Emu.Api.Health;

/// <summary>How a server is.</summary>
/// <param name="Status"><c>ok</c>, or <c>unavailable</c>.</param>
/// <param name="Checks">What was looked at: <c>ok</c>, or what is wrong.</param>
public sealed record HealthResource(
    [property: Description("`ok` or `unavailable`.")] string Status,
    [property: Description("What was looked at: `ok`, or what is wrong.")] IReadOnlyDictionary<string, string> Checks);
