using System.Diagnostics.CodeAnalysis;
using System.IO.Pipes;
using FFMpegCore;
using FFMpegCore.Arguments;

namespace Emu.Media.Video.Ffmpeg;

/// <summary>
/// Reads what ffmpeg writes to its very end. FFMpegCore's own output pipe stops reading as soon as ffmpeg has exited, and what
/// is still in the pipe then is lost; this one reads on until the pipe is empty.
/// </summary>
/// <param name="read">Reads the stream to its end.</param>
/// <param name="abort">Cancelled when reading fails, which kills ffmpeg.</param>
[SuppressMessage("Design", "CA1001", Justification = "FFMpegCore calls Post at the end, whatever happened; that disposes the pipe.")]
internal sealed class OutputStreamArgument(Func<Stream, CancellationToken, Task> read, CancellationTokenSource abort) : IOutputArgument
{
    /// <summary>How long a connection is still waited for once ffmpeg has exited: it may have written and gone before it was accepted.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly string _name = $"emu_{Guid.NewGuid():N}"[..20];
    private NamedPipeServerStream? _pipe;

    /// <summary>What went wrong with reading, if anything did.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public string Text => OperatingSystem.IsWindows()
        ? $@"""\\.\pipe\{_name}"" -y"
        : $"\"unix:{Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + _name)}\" -y";

    /// <inheritdoc/>
    public void Pre(FFOptions options) =>
        _pipe = new NamedPipeServerStream(_name, PipeDirection.In, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);

    /// <inheritdoc/>
    public async Task During(CancellationToken cancellationToken = default)
    {
        using var wait = new CancellationTokenSource();
        await using var registration = cancellationToken.Register(() => wait.CancelAfter(Grace));
        try
        {
            await _pipe!.WaitForConnectionAsync(wait.Token);
        }
        catch (OperationCanceledException)
        {
            return; // ffmpeg ended without opening its output; its exit code says why
        }
        try
        {
            await read(_pipe, abort.Token);
        }
        catch (Exception exception)
        {
            Failure = exception;
            await abort.CancelAsync();
            throw;
        }
        finally
        {
            _pipe.Disconnect();
        }
    }

    /// <inheritdoc/>
    public void Post() => _pipe?.Dispose();
}
