using Emu.Diffusion.Graphs;

namespace Emu.Generation.Models;

/// <summary>
/// Loads the graphs of one job ahead of its stages. Loading keeps one processor busy, and a stage that waits for it leaves the
/// others idle; side by side, and beside the rest of the set-up, two graphs cost the time of one.
/// </summary>
public static class ModelPreload
{
    /// <summary>Starts loading. A stage that comes to a graph first waits for it, or loads it itself.</summary>
    /// <param name="model">The model.</param>
    /// <param name="video">Whether a clip will be made; else a keyframe alone.</param>
    /// <param name="hasPicture">Whether the keyframe is the user's picture.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <returns>Done when everything is loaded. What fails here fails again, and is told, where a stage needs the graph.</returns>
    public static Task StartAsync(LoadedModel model, bool video, bool hasPicture, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var package = model.Package;
        var first = hasPicture ? package.Encoder?.Graph : package.Image?.Graph;
        return Task.WhenAll(
            LoadAsync(model, [.. package.Text.Select(text => text.Graph), first], cancellationToken),
            LoadAsync(model, [video ? package.Video?.Graph : null, package.Decoder.Graph], cancellationToken));
    }

    private static Task LoadAsync(LoadedModel model, IReadOnlyList<ModelGraph?> graphs, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            foreach (var graph in graphs.OfType<ModelGraph>())
            {
                model.Sessions.Acquire(graph, cancellationToken).Dispose();
            }
        },
        cancellationToken);
}
