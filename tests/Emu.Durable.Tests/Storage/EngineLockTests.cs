using System.Globalization;
using Emu.Durable.Storage;

namespace Emu.Durable.Tests.Storage;

public sealed class EngineLockTests
{
    [Fact]
    public void Acquire_HeldFolder_NamesFolderAndHolder()
    {
        using var folder = new TemporaryFolder();
        using var held = EngineLock.Acquire(folder.Path);
        var exception = Assert.Throws<DurableDataInUseException>(() => EngineLock.Acquire(folder.Path));
        Assert.Equal(folder.Path, exception.Folder);
        Assert.Contains(folder.Path, exception.Message, StringComparison.Ordinal);
        Assert.Contains("process " + Environment.ProcessId.ToString(CultureInfo.InvariantCulture), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_ReleasedFolder_Succeeds()
    {
        using var folder = new TemporaryFolder();
        EngineLock.Acquire(folder.Path).Dispose();
        using var again = EngineLock.Acquire(folder.Path);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task StartAsync_SecondEngine_IsRefusedAndTheFirstKeepsRunning()
    {
        using var folder = new TemporaryFolder();
        await using var first = await EngineBuilder.Engine(folder).With<int, int>("echo", (_, input) => Task.FromResult(input)).StartedAsync();
        await using var second = EngineBuilder.Engine(folder);
        await Assert.ThrowsAsync<DurableDataInUseException>(() => second.StartAsync(EngineBuilder.Token));
        Assert.Equal(3, (await first.RunAsync("echo", input: 3)).Output!.Value.GetInt32());
    }
}
