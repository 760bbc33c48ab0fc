using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Emu.Local.Hosting;
using Spectre.Console;

namespace Emu.Bench.Chaos;

/// <summary>Servers and workers that share one task hub: processes of the command line, which are started again when they are killed.</summary>
internal sealed class Fleet(string connection) : IAsyncDisposable
{
    private readonly BenchFolder _folder = new();
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly List<Member> _members = [];

    /// <summary>The servers' addresses.</summary>
    public IReadOnlyList<Uri> Servers { get; private set; } = [];

    /// <summary>Starts them, and waits until every server answers.</summary>
    public async Task StartAsync(int servers, int workers, CancellationToken cancellationToken)
    {
        var addresses = Enumerable.Range(0, servers).Select(_ => new Uri($"http://127.0.0.1:{FreePort()}")).ToArray();
        Servers = addresses;
        string[] shared = ["--engine", "azure-storage", "--storage", connection, "--no-uploads", "--allow-private-webhooks"];
        foreach (var address in addresses)
        {
            _members.Add(new Member(["serve", "--urls", address.ToString().TrimEnd('/'), "--stages", "none", .. shared]));
        }

        for (var worker = 0; worker < workers; worker++)
        {
            _members.Add(new Member(["work", .. shared]));
        }

        foreach (var member in _members)
        {
            Start(member);
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        foreach (var address in addresses)
        {
            await AnswersAsync(client, address, cancellationToken);
        }
    }

    /// <summary>Kills a random process every interval and starts it again, until cancelled.</summary>
    /// <returns>How many it killed.</returns>
    public async Task<int> KillAsync(TimeSpan interval, CancellationToken over)
    {
        var random = new Random(1);
        for (var killed = 0; ; killed++)
        {
            try
            {
                await Task.Delay(interval > TimeSpan.Zero ? interval : Timeout.InfiniteTimeSpan, over);
            }
            catch (OperationCanceledException)
            {
                return killed;
            }

            var member = _members[random.Next(_members.Count)];
            AnsiConsole.WriteLine($"kill -9 of a {member.Arguments[0]} process");
            await EndAsync(member);
            Start(member);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await EndAsync(member);
        }

        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task AnswersAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if ((await client.GetAsync(new Uri(address, "/v1/models"), cancellationToken)).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // It is not up yet.
            }

            await Task.Delay(500, cancellationToken);
        }
    }

    private static async Task EndAsync(Member member)
    {
        if (member.Process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
            member.Process = null;
        }
    }

    private void Start(Member member)
    {
        string[] arguments = [typeof(DataFolder).Assembly.Location, .. member.Arguments, "--data", Path.Combine(_folder.Path, "data")];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardError = true };
        start.Environment[SharedHome.KeyVariable] = _key;
        var process = Process.Start(start)!;
        member.Process = process;
        var log = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"emu-chaos-{member.Arguments[0]}-{process.Id}.log"));
        _ = CopyAsync(process, log);
    }

    // What a process says is kept for whoever looks for a reason.
    private static async Task CopyAsync(Process process, string log)
    {
        await using var file = File.Create(log);
        await process.StandardError.BaseStream.CopyToAsync(file);
    }

    private sealed class Member(string[] arguments)
    {
        public string[] Arguments { get; } = arguments;

        public Process? Process { get; set; }
    }
}
