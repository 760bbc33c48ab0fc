using System.Security.Cryptography;
using System.Text;

namespace Emu.Durable.Abstractions.Engines;

/// <summary>Identifiers that are the same on every replay: UUID version 5 (RFC 9562, section 5.5) of a name.</summary>
public static class DeterministicGuid
{
    /// <summary>The namespace that Durable Task uses too.</summary>
    private static readonly Guid Namespace = new("9e952958-5e33-4daf-827f-2fa12937b875");

    /// <summary>The identifier of a name.</summary>
    public static Guid Create(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        Namespace.TryWriteBytes(text, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, text.AsSpan(16));
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // Not used for security: RFC 9562 prescribes SHA-1.
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
