namespace Emu.Api.Tests.Fuzzing;

/// <summary>A generated request, as it goes over the wire.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">Headers besides Host and Content-Length.</param>
/// <param name="Body">The body.</param>
public sealed record GeneratedRequest(string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Method} {Target}\n{string.Join('\n', Headers.Select(header => $"{header.Key}: {header.Value}"))}\n\n{Convert.ToBase64String(Body)}\n{System.Text.Encoding.Latin1.GetString(Body)}";
}
