using System.ComponentModel;
using System.Diagnostics;

namespace Emu.Local.Doctor;

/// <summary>Runs another program for what it prints.</summary>
internal static class ProgramOutput
{
    /// <summary>What the program printed on stdout, or an empty string if it could not be run.</summary>
    public static async Task<string> ReadAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return string.Empty;
        }

        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await errors;
        await process.WaitForExitAsync(cancellationToken);
        return output;
    }
}
