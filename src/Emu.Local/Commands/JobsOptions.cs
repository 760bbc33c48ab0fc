using System.CommandLine;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Blob;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary>The options that the <c>jobs</c> commands share.</summary>
internal sealed class JobsOptions
{
    private readonly Option<string> _data = DataFolder.CreateOption();
    private readonly Option<string?> _storage = new("--storage") { HelpName = "CONNECTION", Description = "The storage that holds the artifacts, if the server was started with one" };
    private readonly Option<string> _owner = new("--owner") { HelpName = "NAME", Description = "Whose jobs", DefaultValueFactory = _ => Pipeline.Jobs.Owner.Local };

    /// <summary>Prints JSON lines.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print a JSON object a job on stdout, and nothing else there" };

    /// <summary>Every option, in the order that help shows.</summary>
    public IEnumerable<Option> All => [_data, _storage, _owner, Json];

    /// <summary>Whose jobs.</summary>
    /// <exception cref="UsageException">The name is none.</exception>
    public string Owner(ParseResult parsed)
    {
        var owner = parsed.GetValue(_owner)!;
        try
        {
            Pipeline.Jobs.Owner.Validate(owner);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"--owner: {exception.Message}");
        }

        return owner;
    }

    /// <summary>Runs something on the jobs of a data folder, beside the process that may hold it.</summary>
    public async Task<T> WithJobsAsync<T>(ParseResult parsed, Func<JobService, Task<T>> run, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_storage) is { } storage)
        {
            return await run(Open(await BlobArtifactStore.OpenAsync(storage, "emu", null, cancellationToken), null));
        }

        using var folder = FolderArtifactStore.OpenBeside(new DataFolder(parsed.GetValue(_data)!).Store);
        return await run(Open(folder, folder));
    }

    // Without an engine of its own: the sweep of the process that works on the folder starts what is queued here.
    private static JobService Open(IArtifactStore store, IFreeSpace? space) => new(store, client: null, space);
}
