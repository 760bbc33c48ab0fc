using System.Collections.Concurrent;
using Emu.Pipeline.Artifacts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Pipeline.Models;

/// <summary>The models that can be used, published by the hosts that run them.</summary>
/// <remarks>A catalog in a store throws <see cref="ArtifactStoreException"/> when the store fails.</remarks>
public interface IModelCatalog
{
    /// <summary>A model by its name; null if no host has published it.</summary>
    /// <exception cref="ArtifactStoreException">Its capabilities are damaged.</exception>
    Task<ModelCapabilities?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>The model for a request that names none: the one marked as default, else the first by name; null if there is no model.</summary>
    async Task<ModelCapabilities?> FindDefaultAsync(CancellationToken cancellationToken)
    {
        var models = await ListAsync(cancellationToken);
        return models.FirstOrDefault(model => model.IsDefault) ?? (models.Count > 0 ? models[0] : null);
    }

    /// <summary>Every model whose capabilities can be read, by name.</summary>
    Task<IReadOnlyList<ModelCapabilities>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Publishes what a model can do, replacing what was published under its name before.</summary>
    /// <exception cref="ArgumentException">The name is invalid, or there is no size or kind.</exception>
    Task PublishAsync(ModelCapabilities model, CancellationToken cancellationToken);

    /// <summary>Publishes the words that a model understands, in the form that <see cref="IPromptReader"/>s read, replacing those published before.</summary>
    /// <exception cref="ArgumentException">The name is invalid.</exception>
    Task PublishVocabularyAsync(string name, ReadOnlyMemory<byte> vocabulary, CancellationToken cancellationToken);

    /// <summary>The words that a model understands; null if it has published none.</summary>
    Task<ReadOnlyMemory<byte>?> FindVocabularyAsync(string name, CancellationToken cancellationToken);
}

/// <summary>A catalog in a store, <c>models/{name}.json</c> and <c>vocabularies/{name}.json</c>: every process over the store sees it.</summary>
public sealed class StoredModelCatalog(IArtifactStore store, TimeProvider? time = null, ILogger<StoredModelCatalog>? logger = null) : IModelCatalog
{
    private const string Folder = "models/";

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ILogger _logger = logger ?? NullLogger<StoredModelCatalog>.Instance;

    /// <inheritdoc/>
    public async Task<ModelCapabilities?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!ModelCapabilities.IsName(name))
        {
            return null;
        }

        var artifact = NameOf(name);
        return await store.ReadAsync(artifact, cancellationToken) is { } content ? ArtifactJson.Read<ModelCapabilities>(artifact, content.Content) : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ModelCapabilities>> ListAsync(CancellationToken cancellationToken)
    {
        var models = new List<ModelCapabilities>();
        await foreach (var information in store.ListAsync(Folder, null, cancellationToken))
        {
            if (await store.ReadAsync(information.Name, cancellationToken) is not { } content)
            {
                continue;
            }

            try
            {
                models.Add(ArtifactJson.Read<ModelCapabilities>(information.Name, content.Content));
            }
            catch (ArtifactStoreException exception)
            {
                _logger.LogWarning(exception, "A model is left out of the catalog: its capabilities are damaged");
            }
        }

        return models;
    }

    /// <inheritdoc/>
    public async Task PublishAsync(ModelCapabilities model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Validate();
        var json = ArtifactJson.Write(model with { PublishedAt = _time.GetUtcNow() });
        await store.WriteAsync(NameOf(model.Name), (stream, token) => stream.WriteAsync(json, token).AsTask(), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task PublishVocabularyAsync(string name, ReadOnlyMemory<byte> vocabulary, CancellationToken cancellationToken)
    {
        ModelCapabilities.ValidateName(name);
        await store.WriteAsync(VocabularyOf(name), (stream, token) => stream.WriteAsync(vocabulary, token).AsTask(), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> FindVocabularyAsync(string name, CancellationToken cancellationToken) =>
        ModelCapabilities.IsName(name) ? (await store.ReadAsync(VocabularyOf(name), cancellationToken))?.Content : null;

    private static string NameOf(string name) => $"{Folder}{name}.json";

    private static string VocabularyOf(string name) => $"vocabularies/{name}.json";
}

/// <summary>A catalog in memory, for a process that runs its own jobs only.</summary>
public sealed class InMemoryModelCatalog(TimeProvider? time = null) : IModelCatalog
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, ModelCapabilities> _models = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> _vocabularies = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<ModelCapabilities?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(_models.GetValueOrDefault(name));

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelCapabilities>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ModelCapabilities>>([.. _models.Values.OrderBy(model => model.Name, StringComparer.Ordinal)]);

    /// <inheritdoc/>
    public Task PublishAsync(ModelCapabilities model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Validate();
        _models[model.Name] = model with { PublishedAt = _time.GetUtcNow() };
        return Task.CompletedTask;
    }
    /// <inheritdoc/>
    public Task PublishVocabularyAsync(string name, ReadOnlyMemory<byte> vocabulary, CancellationToken cancellationToken)
    {
        ModelCapabilities.ValidateName(name);
        _vocabularies[name] = vocabulary;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> FindVocabularyAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(_vocabularies.TryGetValue(name, out var vocabulary) ? vocabulary : (ReadOnlyMemory<byte>?)null);
}
