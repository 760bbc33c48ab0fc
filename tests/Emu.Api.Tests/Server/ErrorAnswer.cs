namespace Emu.Api.Tests.Server;

public sealed record ErrorAnswer(string Message, string Type, string? Param, string? Code);
