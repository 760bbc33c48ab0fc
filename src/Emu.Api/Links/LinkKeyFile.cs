using System.Security.Cryptography;
using Emu.Api.Authentication;

namespace Emu.Api.Links;

/// <summary>The link-signing key in a data folder.</summary>
public static class LinkKeyFile
{
    /// <summary>The file's name in a data folder.</summary>
    public const string FileName = "link.key";

    /// <summary>Reads the key, making it the first time.</summary>
    /// <exception cref="InvalidDataException">The file does not hold a key.</exception>
    public static byte[] ReadOrCreate(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        Directory.CreateDirectory(dataFolder);
        using var guard = SecretFile.Lock(path);
        if (!File.Exists(path))
        {
            SecretFile.Write(path, RandomNumberGenerator.GetBytes(LinkSigner.KeyBytes));
        }

        var key = File.ReadAllBytes(path);
        return key.Length == LinkSigner.KeyBytes
            ? key
            : throw new InvalidDataException($"'{path}' holds {key.Length} bytes, not a link-signing key of {LinkSigner.KeyBytes}. Remove it to make a new one; links given out before stop working.");
    }
}
