namespace Emu.Api.Authentication;

/// <summary>A new key: the only time that it can be seen.</summary>
/// <param name="Key">What is stored of it.</param>
/// <param name="Secret">The key itself, <c>emu_…</c>.</param>
public sealed record CreatedApiKey(ApiKey Key, string Secret);
