namespace Emu.Api.Authentication;

/// <summary>What is stored of an API key: everything but the key.</summary>
/// <param name="Id">Its id, <c>key_…</c>; not secret.</param>
/// <param name="Name">What its maker called it.</param>
/// <param name="Owner">Whose jobs it sees; keys of one owner see the same jobs.</param>
/// <param name="Hash">The SHA-256 of the key, lower-case hexadecimal. A key holds 256 random bits, so that no slow hash is needed.</param>
/// <param name="Hint">The key's last four characters, to tell keys apart.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="RevokedAt">When it was revoked, UTC; null while it is good.</param>
public sealed record ApiKey(string Id, string Name, string Owner, string Hash, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt = null);
