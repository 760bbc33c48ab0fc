using System.Text.Json;

namespace Emu.Local.Tests.Generate;

/// <summary>One video made by the command line in every format, with the shipped model and few steps; many tests look at it.</summary>
public sealed class GeneratedDuck : IAsyncLifetime
{
    public const string Steps = "3";

    private readonly TemporaryFolder _folder = new();

    internal EmuResult Result { get; private set; } = new(-1, "", "");

    public JsonElement Json => JsonDocument.Parse(Result.Output).RootElement;

    public string Kept => _folder["kept"];

    public string Temporary => _folder["tmp"];

    public string this[string file] => _folder[file];

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Temporary);
        string[] outputs = ["duck.mp4", "duck.gif", "duck.webp", "duck.png", "duck.webm"];
        Result = await EmuProcess.RunAsync(
            _folder.Path,
            new Dictionary<string, string?> { ["TMPDIR"] = Temporary },
            ["generate", "a duck on a blue background", "--seed", "7", "--steps", Steps, "--transparent", "--keep", "kept", "--json", .. outputs.SelectMany(output => new[] { "--out", output })]);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
