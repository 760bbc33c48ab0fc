using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Emu.Bench.Azurite;
using Spectre.Console;

namespace Emu.Bench.Chaos;

/// <summary>
/// Two servers and three workers, real processes over Azurite, under kill -9 and a storage that stops answering: no job may be lost
/// or done twice, every output must be the one of an undisturbed run, and every webhook must arrive.
/// </summary>
internal static class ChaosBenchmark
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var jobs = new Option<int>("--jobs") { Description = "Pictures to make.", DefaultValueFactory = _ => 200 };
        var interval = new Option<double>("--kill-interval") { Description = "Seconds between two kills of a random process; 0 kills none.", DefaultValueFactory = _ => 10 };
        var servers = new Option<int>("--servers") { Description = "Servers.", DefaultValueFactory = _ => 2 };
        var workers = new Option<int>("--workers") { Description = "Workers.", DefaultValueFactory = _ => 3 };
        var command = new Command("chaos", "Kills servers and workers that share jobs, and stops their storage: nothing may be lost.") { jobs, interval, servers, workers };
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetValue(jobs), TimeSpan.FromSeconds(result.GetValue(interval)), result.GetValue(servers), result.GetValue(workers), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int count, TimeSpan interval, int servers, int workers, CancellationToken cancellationToken)
    {
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken);
        await using var receiver = await WebhookReceiver.StartAsync(cancellationToken);
        await using var fleet = new Fleet(azurite.Connection);
        await fleet.StartAsync(servers, workers, cancellationToken);
        using var client = new PictureClient(fleet, receiver.Url);

        var expected = new Dictionary<int, string>();
        for (var variant = 0; variant < PictureClient.Variants; variant++)
        {
            expected[variant] = (await client.MakeAsync($"undisturbed-{variant}", variant, cancellationToken)).Hash;
        }

        var start = Stopwatch.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var kills = fleet.KillAsync(interval, over.Token);
        var outage = OutageAsync(azurite, over.Token);
        var made = new MadePicture[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (job, token) =>
            made[job] = await client.MakeAsync($"job-{job}", job % PictureClient.Variants, token));
        var took = Stopwatch.GetElapsedTime(start);
        await over.CancelAsync();
        var killed = await kills;
        await outage;

        var total = count + PictureClient.Variants;
        await receiver.WaitForAsync(total, TimeSpan.FromMinutes(3), cancellationToken);
        var wrong = Enumerable.Range(0, count).Count(job => made[job].Hash != expected[job % PictureClient.Variants]);
        var table = new Table().AddColumns("measurement", "value", "target");
        Add(table, "processes killed (kill -9)", killed, string.Empty);
        Add(table, "storage stopped", $"{Pause.TotalSeconds:0} s", string.Empty);
        Add(table, "requests sent again to another server", client.Retries, string.Empty);
        Add(table, "jobs that ended", made.Length, count);
        Add(table, "jobs done twice", made.Length - made.Select(picture => picture.JobId).Distinct(StringComparer.Ordinal).Count(), 0);
        Add(table, "outputs that differ from the undisturbed run", wrong, 0);
        Add(table, "webhooks, different jobs", receiver.Jobs, total);
        Add(table, "webhooks, received in all (the others are repetitions of one id)", receiver.Received, string.Empty);
        Add(table, "webhook ids", receiver.Ids, total);
        Add(table, "jobs a minute", (count / took.TotalMinutes).ToString("N0", CultureInfo.InvariantCulture), string.Empty);
        AnsiConsole.Write(table);
        return wrong == 0 && receiver.Jobs == total && receiver.Ids == total && made.Select(picture => picture.JobId).Distinct(StringComparer.Ordinal).Count() == count ? 0 : 1;
    }

    private static async Task OutageAsync(AzuriteProcess azurite, CancellationToken over)
    {
        try
        {
            await Task.Delay(Pause, over);
            AnsiConsole.WriteLine("the storage stops answering");
            await azurite.PauseAsync(Pause, over);
            AnsiConsole.WriteLine("the storage answers again");
        }
        catch (OperationCanceledException)
        {
            // The jobs were quicker.
        }
    }

    private static void Add(Table table, string measurement, object value, object target) =>
        table.AddRow(Markup.Escape(measurement), Markup.Escape(Convert.ToString(value, CultureInfo.InvariantCulture)!), Markup.Escape(Convert.ToString(target, CultureInfo.InvariantCulture)!));
}
