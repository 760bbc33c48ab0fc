using System.Text.Json;
using System.Text.RegularExpressions;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Models;

/// <summary>The models that hosts have published in a store.</summary>
public sealed partial class ModelCatalog(IArtifactStore store, TimeProvider? time = null)
{
    private const string Folder = "models/";

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Publishes what a model can do, replacing what was said before.</summary>
    /// <exception cref="ArgumentException">The name is none, or there is no size or kind.</exception>
    public async Task PublishAsync(ModelCapabilities model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!IsName(model.Name))
        {
            throw new ArgumentException($"'{model.Name}' is no model's name: 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit.", nameof(model));
        }

        if (model.Sizes.Count == 0 || model.Kinds.Count == 0)
        {
            throw new ArgumentException($"The model '{model.Name}' says no size or no kind of job.", nameof(model));
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(model with { PublishedAt = _time.GetUtcNow() }, PipelineJson.Options);
        await store.WriteAsync(NameOf(model.Name), (stream, token) => stream.WriteAsync(json, token).AsTask(), cancellationToken);
    }

    /// <summary>A model by its name; null if no host has published it.</summary>
    public async Task<ModelCapabilities?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!IsName(name))
        {
            return null;
        }

        return await store.ReadAsync(NameOf(name), cancellationToken) is { } artifact ? Read(artifact) : null;
    }

    /// <summary>The model that is taken when none is named: the one marked as default, else the first by name; null if there is none.</summary>
    public async Task<ModelCapabilities?> FindDefaultAsync(CancellationToken cancellationToken)
    {
        var models = await ListAsync(cancellationToken);
        return models.FirstOrDefault(model => model.IsDefault) ?? (models.Count > 0 ? models[0] : null);
    }

    /// <summary>Every model, by name.</summary>
    public async Task<IReadOnlyList<ModelCapabilities>> ListAsync(CancellationToken cancellationToken)
    {
        var models = new List<ModelCapabilities>();
        await foreach (var information in store.ListAsync(Folder, null, cancellationToken))
        {
            if (await store.ReadAsync(information.Name, cancellationToken) is { } artifact)
            {
                models.Add(Read(artifact));
            }
        }

        return models;
    }

    private static ModelCapabilities Read(ArtifactContent artifact) =>
        JsonSerializer.Deserialize<ModelCapabilities>(artifact.Content.Span, PipelineJson.Options) ?? throw new JsonException("A model's capabilities are null.");

    private static string NameOf(string name) => $"{Folder}{name}.json";

    private static bool IsName(string name) => Name().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex Name();
}
