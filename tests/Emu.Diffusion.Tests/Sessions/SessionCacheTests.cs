using Emu.Diffusion.Graphs;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Diffusion.Tests.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Tests.Sessions;

public sealed class SessionCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Acquire_WithinTheBound_LoadsOnce()
    {
        using var sessions = Cache();
        var graph = Graph("a");
        using var first = sessions.Acquire(graph);
        using var second = sessions.Acquire(graph);

        Assert.Same(first.Session, second.Session);
        Assert.Equal(graph.FileBytes, sessions.LoadedBytes);
    }

    [Fact]
    public void Acquire_BeyondTheBound_UnloadsTheLongestUnused()
    {
        ModelGraph[] graphs = [Graph("a"), Graph("b"), Graph("c")];
        using var sessions = Cache(2 * graphs[0].FileBytes);
        var a = Use(sessions, graphs[0]);
        var b = Use(sessions, graphs[1]);
        Assert.Same(a, Use(sessions, graphs[0]));

        Use(sessions, graphs[2]);

        Assert.Same(a, Use(sessions, graphs[0]));
        Assert.NotSame(b, Use(sessions, graphs[1]));
        Assert.True(sessions.LoadedBytes <= 2 * graphs[0].FileBytes);
    }

    [Fact]
    public void UnloadIdle_OneOfTwoInUse_UnloadsTheOtherAndLoadsItAgain()
    {
        ModelGraph[] graphs = [Graph("a"), Graph("b")];
        using var sessions = Cache();
        using var used = sessions.Acquire(graphs[0]);
        var idle = Use(sessions, graphs[1]);

        sessions.UnloadIdle();

        Assert.Equal(graphs[0].FileBytes, sessions.LoadedBytes);
        Assert.Equal(3, Double(used.Session, 1.5f));
        Assert.NotSame(idle, Use(sessions, graphs[1]));
    }

    [Fact]
    public void Acquire_BeyondTheBoundWhileAllAreUsed_KeepsThemUntilTheyAreNot()
    {
        ModelGraph[] graphs = [Graph("a"), Graph("b")];
        using var sessions = Cache(1);
        var a = sessions.Acquire(graphs[0]);
        var b = sessions.Acquire(graphs[1]);

        Assert.Equal(3, Double(a.Session, 1.5f));
        Assert.Equal(3, Double(b.Session, 1.5f));
        a.Dispose();
        a.Dispose();
        b.Dispose();

        Assert.Equal(0, sessions.LoadedBytes);
    }

    [Fact]
    public async Task Acquire_FromManyThreads_LoadsOnce()
    {
        using var sessions = Cache();
        var graph = Graph("a");

        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Use(sessions, graph))));

        Assert.Single(found.Distinct());
    }

    [Fact]
    public async Task Acquire_FirstOfManyGivesUp_LeavesTheOthersTheirGraph()
    {
        var graph = ModelGraph.Read(Path.Combine(RepositoryFiles.StickerModel, "unet", "model.onnx"));
        using var sessions = Cache();
        using CancellationTokenSource cancellation = new();
        var first = Task.Run(() => Use(sessions, graph, cancellation.Token));
        while (!first.IsCompleted && sessions.LoadedBytes == 0 && first.Status != TaskStatus.Running)
        {
            await Task.Yield();
        }

        var second = Task.Run(() => Use(sessions, graph));
        await cancellation.CancelAsync();

        // The first may have been done before it was cancelled; the second has its graph either way.
        await first.ContinueWith(task => Assert.True(task.IsCompletedSuccessfully || task.Exception?.InnerException is OperationCanceledException), TaskScheduler.Default);
        Assert.Equal(graph, (await second).Graph);
    }

    [Fact]
    public void Dispose_WhileUsed_LetsTheUserFinish()
    {
        var sessions = Cache();
        using var lease = sessions.Acquire(Graph("a"));

        sessions.Dispose();

        Assert.Equal(4, Double(lease.Session, 2));
        Assert.Throws<ObjectDisposedException>(() => sessions.Acquire(Graph("b")));
    }

    [Fact]
    public void Acquire_GraphOnnxRuntimeRefuses_NamesItAndTriesAgain()
    {
        var broken = ModelGraph.Read(new OnnxBuilder()
            .Input("x", TensorElementType.Float, 1)
            .Node("NoSuchOperator", ["x"], "y")
            .Output("y", TensorElementType.Float, 1)
            .Save(_folder["a"]));
        using var sessions = Cache();
        Assert.Equal(broken.Path, Assert.Throws<ModelPackageException>(() => sessions.Acquire(broken)).File);
        Assert.Equal(0, sessions.LoadedBytes);

        Assert.Equal(6, Double(Use(sessions, Graph("a")), 3));
    }

    [Fact]
    public void Device_CudaWithoutCuda_SaysWhatThereIs()
    {
        if (OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
        {
            Assert.Skip("This ONNX Runtime has CUDA.");
        }

        using SessionCache cuda = new(new SessionCacheOptions { Device = DeviceChoice.Parse("cuda:1") });
        using SessionCache auto = new();

        Assert.Contains("cuda:1", Assert.Throws<DeviceUnavailableException>(() => cuda.Device).Message, StringComparison.Ordinal);
        Assert.Equal(DeviceChoice.Cpu, auto.Device);
        Assert.Contains("without CUDA", auto.DeviceReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ShapeTheGraphDoesNotTake_NamesInputAndShape()
    {
        using var sessions = Cache();
        using var lease = sessions.Acquire(Graph("a"));

        var exception = Assert.Throws<ModelPackageException>(() => lease.Session.Run([new GraphInput("x", new FloatTensor([2]))], ["y"]));
        Assert.Contains("[2]", exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<ModelPackageException>(() => lease.Session.Run([new GraphInput("z", new FloatTensor([1]))], ["y"]));
        Assert.Contains("no input 'z'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BoundRun_CancelledOnce_RunsAgain()
    {
        using var sessions = Cache();
        var shapes = new Dictionary<string, TensorShape> { ["x"] = [1] };
        using BoundRun run = new(sessions.Acquire(Graph("a")), shapes, new Dictionary<string, TensorShape> { ["y"] = [1] });
        run.Input("x").Write(0, [21f]);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => run.Run(cancelled.Token));
        run.Run();

        Assert.Equal(42, run.Output("y").Floats!.Value.Span[0]);
    }

    private static SessionCache Cache(long? bytes = null) => new(new SessionCacheOptions { Device = DeviceChoice.Cpu, Threads = 1, MaximumBytes = bytes ?? 1 << 30 });

    private ModelGraph Graph(string name) => ModelGraph.Read(new OnnxBuilder()
        .Input("x", TensorElementType.Float, 1)
        .Node("Add", ["x", "x"], "y")
        .Output("y", TensorElementType.Float, 1)
        .Save(_folder[name]));

    private static GraphSession Use(SessionCache sessions, ModelGraph graph, CancellationToken cancellationToken = default)
    {
        using var lease = sessions.Acquire(graph, cancellationToken);
        return lease.Session;
    }

    private static float Double(GraphSession session, float value) => session.Run([new GraphInput("x", new FloatTensor([1], new[] { value }))], ["y"])[0].Span[0];
}
