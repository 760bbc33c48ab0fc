using Emu.Local.CommandLine;

namespace Emu.Local.Tests;

/// <summary>
/// Runs the command line within the test's own process: what most tests need. Paths must be absolute, as all tests share one
/// working folder. Signals, kills, environment variables and working folders need <see cref="EmuProcess"/>.
/// </summary>
internal static class EmuCommand
{
    public static async Task<EmuResult> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await EmuCommandLine.RunAsync(arguments, TextWriter.Synchronized(output), TextWriter.Synchronized(errors), TestContext.Current.CancellationToken);
        return new(code, output.ToString(), errors.ToString());
    }
}
