using System.ComponentModel;

namespace Emu.Api.Jobs;

/// <summary>A link that lets whoever has it download one file until it expires.</summary>
/// <param name="Object">Always <c>link</c>.</param>
/// <param name="Id">The job.</param>
/// <param name="Variant">The file.</param>
/// <param name="Url">The address.</param>
/// <param name="ExpiresAt">When it expires.</param>
public sealed record LinkResource(string Object, string Id, string Variant, string Url, [property: Description("Unix seconds.")] long ExpiresAt);
