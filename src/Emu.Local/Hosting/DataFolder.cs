using System.CommandLine;
using Emu.Local.CommandLine;
using Emu.Pipeline.Uploads;

namespace Emu.Local.Hosting;

/// <summary>A server's data on one machine: engine, secrets, and artifacts unless they lie in a blob container.</summary>
public sealed record DataFolder
{
    /// <summary>Names the folder when no option does.</summary>
    public const string Variable = "EMU_DATA";

    /// <summary>Names a folder; nothing is made yet.</summary>
    /// <exception cref="UsageException">The path is empty.</exception>
    public DataFolder(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new UsageException("--data was given no name; a folder is accepted.");
        }

        Path = System.IO.Path.GetFullPath(path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The artifacts' folder.</summary>
    public string Store => System.IO.Path.Combine(Path, "store");

    /// <summary>The durable engine's folder.</summary>
    public string Engine => System.IO.Path.Combine(Path, "engine");

    /// <summary>Webhook endpoints, their secrets and deliveries: readable for the folder's owner only.</summary>
    public string Private => System.IO.Path.Combine(Path, "private");

    /// <summary>The folder that is watched for pictures unless told otherwise.</summary>
    public string Uploads => System.IO.Path.Combine(Path, UploadPlaceNames.Videos);

    /// <summary>The folder that is watched for pictures to edit unless told otherwise.</summary>
    public string Edits => System.IO.Path.Combine(Path, UploadPlaceNames.Edits);

    /// <summary>The API keys' file.</summary>
    public string Keys => System.IO.Path.Combine(Path, Api.Authentication.ApiKeyFile.FileName);

    /// <summary>The folder when nobody says: what <see cref="Variable"/> names, or <c>.emu</c> in the user's home.</summary>
    public static string DefaultPath =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
            ? folder
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".emu");

    /// <summary>The data folder that a command on existing data was given.</summary>
    /// <exception cref="UsageException">Nothing is there.</exception>
    public static DataFolder Existing(string path)
    {
        var data = new DataFolder(path);
        return Directory.Exists(data.Store) || File.Exists(data.Keys)
            ? data
            : throw new UsageException($"--data: there is no data folder '{data.Path}'. 'emu serve', 'emu work', 'emu jobs add' and 'emu keys create' make one.");
    }

    /// <summary>The option that every command on a data folder takes.</summary>
    public static Option<string> CreateOption() => new("--data")
    {
        HelpName = "DIR",
        Description = $"The data folder: engine, keys and artifacts. Default: what {Variable} names, or ~/.emu",
        DefaultValueFactory = _ => DefaultPath,
    };
}
