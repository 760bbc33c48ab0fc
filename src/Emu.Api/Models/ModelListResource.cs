namespace Emu.Api.Models;

/// <summary>Every model.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The models.</param>
public sealed record ModelListResource(string Object, IReadOnlyList<ModelResource> Data);
