using Emu.Diffusion.Sessions;
using Emu.Durable.Abstractions;
using Emu.Editing.Masks;
using Emu.Generation.Edits;
using Emu.Generation.Images;
using Emu.Generation.Models;
using Emu.Generation.Stages;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Emu.Generation;

/// <summary>With which models and on which device a host generates.</summary>
public sealed record GenerationOptions
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> _models = [];

    /// <summary>The model packages: the name that jobs use, and the folder. The first is the default; see <see cref="Name"/>.</summary>
    /// <exception cref="ArgumentException">There is none, or two have the same name.</exception>
    public required IReadOnlyList<KeyValuePair<string, string>> Models
    {
        get => _models;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count == 0)
            {
                throw new ArgumentException("There is no model package; at least one is needed.", nameof(value));
            }

            if (value.GroupBy(model => model.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } same)
            {
                throw new ArgumentException($"The folders {string.Join(" and ", same.Select(model => $"'{model.Value}'"))} would both be the model '{same.Key}'; rename one of them.", nameof(value));
            }

            _models = value;
        }
    }

    /// <summary>Where graphs are run. Default: CUDA if it works here, else the CPU.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>Whether int8 variants of graphs are used. Default: where the processor is fast at them.</summary>
    public ComputePrecision Precision { get; init; }

    /// <summary>The folders that the model which finds subjects may be in; <c>models</c> beside the program if there are none.</summary>
    public IReadOnlyList<string> MaskFolders { get; init; } = [];

    /// <summary>Where ffmpeg is; null for the usual places.</summary>
    public FfmpegOptions? Ffmpeg { get; init; }

    /// <summary>Names packages by their folders (<see cref="ModelName.Of"/>).</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Name(IEnumerable<string> folders) =>
        [.. folders.Select(folder => KeyValuePair.Create(ModelName.Of(folder), folder))];
}

/// <summary>Registers generation: models, stages and the check of uploaded images.</summary>
public static class GenerationServices
{
    /// <summary>
    /// Registers <see cref="SessionCache"/>, <see cref="ModelLibrary"/>, <see cref="IImageValidator"/>, <see cref="IPromptReader"/>, every stage as an activity,
    /// <see cref="ModelPublisher"/> as a hosted service, and, unless the host has another, the <see cref="ISubjectFinder"/> of photographs. Call after <see cref="PipelineServices.AddEmuPipeline"/>.
    /// </summary>
    public static IServiceCollection AddEmuGeneration(this IServiceCollection services, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        services.AddSingleton(_ => new SessionCache(new SessionCacheOptions { Device = options.Device, Precision = options.Precision }));
        services.AddSingleton(provider => new ModelLibrary(provider.GetRequiredService<SessionCache>(), options.Models));
        // Its own: it runs once a picture, and its working memory would be more than a large picture takes.
        services.AddKeyedSingleton(PhotoMaskModel.Name, (_, _) => new SessionCache(new SessionCacheOptions { Device = options.Device, Precision = options.Precision, KeepsWorkingMemory = false }));
        services.TryAddSingleton<ISubjectFinder>(provider => new PhotoMask(
            PhotoMaskModel.Find(options.MaskFolders.DefaultIfEmpty(Path.Combine(AppContext.BaseDirectory, "models"))), provider.GetRequiredKeyedService<SessionCache>(PhotoMaskModel.Name)));
        services.AddHostedService<ModelPublisher>();
        foreach (var stage in ModelStages.All(options.Ffmpeg))
        {
            services.AddStage(provider => new ModelStage(provider.GetRequiredService<ModelLibrary>(), stage), ActivityGroups.Model);
        }

        return services.AddEmuEncoding(options.Ffmpeg).AddModelStagesOfEdits();
    }

    /// <summary>
    /// Registers what edits pictures: its stages, and the check of instructions. Needs an <see cref="ISubjectFinder"/>; with a
    /// <see cref="ModelLibrary"/> it can add stickers. Call after <see cref="PipelineServices.AddEmuPipeline"/>.
    /// </summary>
    public static IServiceCollection AddEditing(this IServiceCollection services) => services.AddLightStagesOfEdits().AddModelStagesOfEdits();

    /// <summary>
    /// Registers what a host needs that runs no model: the checks of requests by what the models' hosts have published, the light stages
    /// of edits, and encoding. Call after <see cref="PipelineServices.AddEmuPipeline"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="ffmpeg">Where ffmpeg is; null for the usual places.</param>
    public static IServiceCollection AddEmuEncoding(this IServiceCollection services, FfmpegOptions? ffmpeg = null) => services
        .AddSingleton<IImageValidator, ImageUploadValidator>()
        .AddSingleton<IPromptReader, VocabularyPromptReader>()
        .AddLightStagesOfEdits()
        .AddEncoding(ffmpeg);

    /// <summary>Registers what encodes frames: the encode stage, and the stage that makes further formats of completed jobs. Call after <see cref="PipelineServices.AddEmuPipeline"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="ffmpeg">Where ffmpeg is; null for the usual places.</param>
    public static IServiceCollection AddEncoding(this IServiceCollection services, FfmpegOptions? ffmpeg = null) =>
        services.AddStage(_ => new EncodeStage(ffmpeg), ActivityGroups.Media).AddFormatStage(_ => new FormatStage(ffmpeg), ActivityGroups.Media);

    private static IServiceCollection AddLightStagesOfEdits(this IServiceCollection services) => services
        .AddSingleton<IEditChecks, EditChecks>()
        .AddEditSources()
        .AddStage(_ => new UnderstandStage(), ActivityGroups.Media)
        .AddStage(provider => new CompositeStage(provider.GetRequiredService<EditSources>()), ActivityGroups.Media);

    private static IServiceCollection AddModelStagesOfEdits(this IServiceCollection services) => services
        .AddEditSources()
        .AddStage(provider => new MaskStage(provider.GetRequiredService<ISubjectFinder>(), provider.GetRequiredService<EditSources>()), ActivityGroups.Model)
        .AddStage(provider => new EditStage(provider.GetRequiredService<ISubjectFinder>(), provider.GetRequiredService<EditSources>(), provider.GetService<ModelLibrary>()), ActivityGroups.Model);

    private static IServiceCollection AddEditSources(this IServiceCollection services)
    {
        services.TryAddSingleton<EditSources>();
        return services;
    }
}
