using Emu.Diffusion.ModelPackages;
using Emu.Local.CommandLine;
using Emu.Local.Models;

namespace Emu.Local.Doctor;

/// <summary>Whether the default model package is there and whole.</summary>
internal static class ModelCheck
{
    private const string Mend = "get the folder models/ again: git checkout -- models";

    /// <summary>Loads and verifies it.</summary>
    public static Finding Run(CancellationToken cancellationToken)
    {
        try
        {
            var package = ModelPackage.Load(ModelLocator.Find(null), verify: true, cancellationToken);
            return new("model", FindingState.Ok, $"{package.Description.Name} {package.Description.Version}, all files as listed ({package.Directory})");
        }
        catch (Exception exception) when (exception is ModelPackageException or UsageException)
        {
            return new("model", FindingState.Missing, exception.Message, Mend);
        }
    }
}
