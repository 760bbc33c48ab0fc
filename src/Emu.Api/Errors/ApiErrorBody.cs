namespace Emu.Api.Errors;

/// <summary>The body of every answer that is an error.</summary>
/// <param name="Error">What went wrong.</param>
public sealed record ApiErrorBody(ApiError Error);
