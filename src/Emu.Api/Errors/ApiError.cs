namespace Emu.Api.Errors;

/// <summary>What went wrong, in OpenAI's shape.</summary>
/// <param name="Message">What was wrong and what is accepted, for a person.</param>
/// <param name="Type">The kind of error: <c>invalid_request_error</c>, <c>requests</c> (too many of them) or <c>server_error</c>.</param>
/// <param name="Param">The field that was wrong, if one was.</param>
/// <param name="Code">A stable code in snake_case.</param>
public sealed record ApiError(string Message, string Type, string? Param, string? Code);
