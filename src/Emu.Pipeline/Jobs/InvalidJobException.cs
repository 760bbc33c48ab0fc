namespace Emu.Pipeline.Jobs;

/// <summary>A job was asked for that cannot be made: the client's mistake, and nothing was stored.</summary>
public sealed class InvalidJobException(string? parameter, string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The field at fault, in snake_case as clients write it; null if it is none in particular.</summary>
    public string? Parameter { get; } = parameter;

    /// <summary>A stable code in snake_case: <c>invalid_value</c>, <c>missing_required_parameter</c>, <c>string_above_max_length</c>, <c>model_not_found</c> …</summary>
    public string Code { get; } = code;
}
