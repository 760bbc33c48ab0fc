using Emu.Diffusion.Graphs;

namespace Emu.Generation.Models;

/// <summary>
/// Loads the graphs of one job before its stages need them. Loading keeps one processor busy; done in parallel, and while the rest
/// is set up, two graphs take the time of one.
/// </summary>
public sealed class ModelPreload : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;

    private ModelPreload(LoadedModel model, IReadOnlyList<IReadOnlyList<ModelGraph?>> sets, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = _stop.Token;
        Completion = Task.WhenAll(sets.Select(graphs => Task.Run(() => Load(model, graphs, token), token)));
    }

    /// <summary>Completes when everything is loaded. A failure here happens again, and is reported, where a stage needs the graph.</summary>
    public Task Completion { get; }

    /// <summary>Starts loading. A stage that needs a graph earlier waits for it or loads it itself.</summary>
    /// <param name="model">The model.</param>
    /// <param name="video">Whether a clip will be made; else a keyframe alone.</param>
    /// <param name="hasPicture">Whether the keyframe is the user's picture.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    public static ModelPreload Start(LoadedModel model, bool video, bool hasPicture, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var package = model.Package;
        var first = hasPicture ? package.Encoder?.Graph : package.Image?.Graph;
        return new(model, [[.. package.Text.Select(text => text.Graph), first], [video ? package.Video?.Graph : null, video ? package.Interpolation?.Graph : null, package.Decoder.Graph]], cancellationToken);
    }

    /// <summary>Stops what is still loading and waits for its end, so that the sessions may go.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static void Load(LoadedModel model, IReadOnlyList<ModelGraph?> graphs, CancellationToken cancellationToken)
    {
        foreach (var graph in graphs.OfType<ModelGraph>())
        {
            model.Sessions.Acquire(graph, cancellationToken).Dispose();
        }
    }
}
