using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Emu.Diffusion.Sessions;
using Emu.Editing;
using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Local.Models;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Spectre.Console;

namespace Emu.Bench.Edit;

/// <summary>Seconds and peak memory of one edit, decoding and encoding apart, in a process of its own.</summary>
/// <param name="Read">Seconds to decode.</param>
/// <param name="Mask">Seconds to find the subject; 0 if none was needed.</param>
/// <param name="Edit">Seconds of the edit.</param>
/// <param name="Write">Seconds to encode.</param>
/// <param name="Processor">Seconds of all processors together, the start of the process included.</param>
/// <param name="PeakBytes">The process's largest resident set.</param>
internal sealed record EditCosts(double Read, double Mask, double Edit, double Write, double Processor, long PeakBytes)
{
    private static readonly double[] Megapixels = [1, 12, 50];

    private static readonly string[] Instructions =
    [
        "make the background white", "blur the background", "make it sepia", "turn it into a pencil sketch", "turn it into an oil painting", "make it pixel art", "make it a comic", "make it a watercolor", "write \"Aloha!\" on it", "remove the subject", "move the subject to the right",
    ];

    /// <summary>Those that are measured with 16 bits as well: pictures of those take twice the memory.</summary>
    private static readonly string[] WideInstructions = ["make the background white", "make it sepia", "move the subject to the right"];

    /// <summary>The command that measures one edit, for the evaluation itself.</summary>
    public static Command CreateOne()
    {
        var file = new Argument<string>("file");
        var instruction = new Argument<string>("instruction");
        var command = new Command("one", "Measures one edit and prints it as JSON.") { file, instruction };
        command.Hidden = true;
        command.SetAction(async (result, cancellationToken) =>
        {
            Console.WriteLine(JsonSerializer.Serialize(await OneAsync(result.GetValue(file)!, result.GetValue(instruction)!, cancellationToken)));
            return 0;
        });
        return command;
    }

    /// <summary>Measures all edits at all sizes.</summary>
    public static async Task<Table> MeasureAsync(Photographs photographs, CancellationToken cancellationToken)
    {
        using var folder = new BenchFolder();
        var source = (await photographs.ReadAsync("coffee.png", cancellationToken)).ToPicture();
        var table = new Table().AddColumn("instruction").AddColumns([.. Megapixels.Select(size => $"{size} MP: read + mask + edit + write, s (all processors, s); peak, MB"), "50 MP of 16 bits"]);
        var files = new List<string>();
        foreach (var size in Megapixels)
        {
            var factor = Math.Sqrt(size * 1e6 / (source.Width * source.Height));
            var file = Path.Combine(folder.Path, $"{size}.jpg");
            await new PictureWriter().WriteAsync(source.Resized((int)(source.Width * factor), (int)(source.Height * factor)), file, new PictureEncoding { Format = PictureFormat.Jpeg }, cancellationToken);
            files.Add(file);
        }
        files.Add(Path.Combine(folder.Path, "wide.png"));
        await new SourcePictureWriter().WriteAsync(await WideAsync(files[^2], cancellationToken), files[^1], null, cancellationToken);
        foreach (var instruction in Instructions)
        {
            var cells = new List<string> { instruction };
            foreach (var file in WideInstructions.Contains(instruction) ? files : files[..^1])
            {
                var cost = await ProcessAsync(file, instruction, cancellationToken);
                cells.Add(string.Create(CultureInfo.InvariantCulture, $"{cost.Read:0.0} + {cost.Mask:0.0} + {cost.Edit:0.0} + {cost.Write:0.0} ({cost.Processor:0.0}); {cost.PeakBytes / 1e6:0}"));
            }
            table.AddRow([.. cells, .. Enumerable.Repeat("–", files.Count + 1 - cells.Count)]);
        }
        return table;
    }

    /// <summary>The same picture in 16 bits a sample, all of which differ.</summary>
    private static async Task<SourcePicture> WideAsync(string file, CancellationToken cancellationToken)
    {
        var picture = await new SourcePictureReader().ReadAsync(file, cancellationToken);
        return SourcePicture.CreateByRows(picture.Width, picture.Height, 16, picture.Metadata, (y, bytes) =>
        {
            var samples = MemoryMarshal.Cast<byte, ushort>(bytes);
            var row = picture.RowBytes(y);
            var random = new Random(y);
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = (ushort)(i % SourcePicture.Channels == SourcePicture.Channels - 1 ? 65_535 : (row[i] << 8) | random.Next(256));
            }
        }, cancellationToken);
    }

    private static async Task<EditCosts> ProcessAsync(string file, string instruction, CancellationToken cancellationToken)
    {
        string[] arguments = [typeof(EditCosts).Assembly.Location, "eval", "edit", "one", file, instruction];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<EditCosts>(output)! : throw new InvalidOperationException($"The edit failed: {await errors}");
    }

    private static async Task<EditCosts> OneAsync(string file, string instruction, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var picture = await new SourcePictureReader().ReadAsync(file, cancellationToken);
        var read = watch.Elapsed.TotalSeconds;
        var plan = PlanReader.Read([instruction]);
        EditMask? subject;
        using (var sessions = new SessionCache(new SessionCacheOptions { KeepsWorkingMemory = false }))
        {
            subject = EditEngine.NeedsSubject(plan) ? await new PhotoMask(PhotoMaskModel.Find(ModelLocator.Folders), sessions).FindAsync(picture, cancellationToken) : null;
        }
        var mask = watch.Elapsed.TotalSeconds;
        var outcome = await new EditEngine(new KnownSubject(subject!)).ApplyAsync(picture, plan, new EditInputs { Subject = subject }, null, cancellationToken);
        var edit = watch.Elapsed.TotalSeconds;
        await new SourcePictureWriter().WriteAsync(outcome.Picture, Stream.Null, null, cancellationToken);
        using var process = Process.GetCurrentProcess();
        return new EditCosts(read, mask - read, edit - mask, watch.Elapsed.TotalSeconds - edit, process.TotalProcessorTime.TotalSeconds, process.PeakWorkingSet64);
    }
}
