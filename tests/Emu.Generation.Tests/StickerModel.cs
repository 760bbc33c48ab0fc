using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Generation.Models;

namespace Emu.Generation.Tests;

/// <summary>The shipped model, loaded once for all tests.</summary>
public sealed class StickerModel : IDisposable
{
    public const string Name = "sticker";

    public StickerModel()
    {
        Sessions = new SessionCache(new SessionCacheOptions { Device = DeviceChoice.Cpu });
        Library = new ModelLibrary(Sessions, [new(Name, Folder)]);
    }

    public static string Folder { get; } = Find();

    public SessionCache Sessions { get; }

    public ModelLibrary Library { get; }

    public ModelPackage Package => Library.Get(Name).Package;

    public void Dispose() => Sessions.Dispose();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "models", Name);
            if (File.Exists(Path.Combine(candidate, "model_index.json")))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("models/sticker is not above the tests.");
    }
}
