using System.Security.Cryptography;

namespace Emu.Diffusion.ModelPackages;

/// <summary>Compares the files of a package with the sizes and hashes it lists.</summary>
public static class PackageVerifier
{
    /// <summary>Checks one file.</summary>
    /// <param name="directory">The package's folder.</param>
    /// <param name="file">The file as listed.</param>
    /// <param name="cancellationToken">Cancels between megabytes.</param>
    public static PackageFileCheck Check(string directory, PackageFile file, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        FileInfo info = new(PathIn(directory, file.Path));
        if (!info.Exists)
        {
            return new(file, PackageFileState.Missing, $"the file is missing; the package lists it with {file.Size} bytes.");
        }

        if (info.Length != file.Size)
        {
            return new(file, PackageFileState.WrongSize, $"the file has {info.Length} bytes; the package lists {file.Size}.");
        }

        var hash = Hash(info.FullName, cancellationToken);
        return hash == file.Sha256
            ? new(file, PackageFileState.Intact, null)
            : new(file, PackageFileState.WrongContent, $"the file's SHA-256 is {hash}; the package lists {file.Sha256}.");
    }

    /// <summary>Checks every file, several at a time, and reports on each.</summary>
    public static IReadOnlyList<PackageFileCheck> CheckAll(string directory, IEnumerable<PackageFile> files, CancellationToken cancellationToken = default)
    {
        Task<PackageFileCheck>[] checks = [.. files.Select(file => Task.Run(() => Check(directory, file, cancellationToken), cancellationToken))];
        return Task.WhenAll(checks).GetAwaiter().GetResult();
    }

    /// <summary>Checks every file and throws for the first that is not intact.</summary>
    /// <exception cref="ModelPackageException">A file is not as listed.</exception>
    public static void Require(string directory, IEnumerable<PackageFile> files, CancellationToken cancellationToken = default)
    {
        foreach (var check in CheckAll(directory, files, cancellationToken))
        {
            if (check.Problem is { } problem)
            {
                throw new ModelPackageException(PathIn(directory, check.File.Path), problem);
            }
        }
    }

    private static string PathIn(string directory, string path) => System.IO.Path.Combine(System.IO.Path.GetFullPath(directory), path.Replace('/', System.IO.Path.DirectorySeparatorChar));

    private static string Hash(string path, CancellationToken cancellationToken)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>A file as its package lists it.</summary>
/// <param name="Path">The path in the package, with forward slashes.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Sha256">The SHA-256 in lower-case hexadecimal.</param>
public sealed record PackageFile(string Path, long Size, string Sha256);

/// <summary>What a check of a package's file found.</summary>
public enum PackageFileState
{
    /// <summary>Size and SHA-256 are as listed.</summary>
    Intact,

    /// <summary>The file is not there.</summary>
    Missing,

    /// <summary>The file has another size.</summary>
    WrongSize,

    /// <summary>The file has the listed size but other content.</summary>
    WrongContent,
}

/// <summary>The result of checking one file.</summary>
/// <param name="File">The file as listed.</param>
/// <param name="State">What was found.</param>
/// <param name="Problem">What is wrong and what was expected; null if intact.</param>
public sealed record PackageFileCheck(PackageFile File, PackageFileState State, string? Problem);
