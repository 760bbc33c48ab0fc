using System.Text.Json;
using Emu.Api.Errors;
using Emu.Api.Limits;
using Emu.Api.Requests;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace Emu.Api.Edits;

/// <summary>Reads what requests for edits have in common: their pictures and instructions.</summary>
/// <param name="reader">Reads bodies.</param>
/// <param name="images">Checks untrusted images.</param>
/// <param name="limits">Limits of a request.</param>
public sealed class EditBodies(RequestReader reader, IImageValidator images, ApiLimits limits)
{
    private const int MaximumInstructions = 16;
    private const string InstructionName = "instruction";

    private static readonly PictureField Image = new("image");
    private static readonly PictureField Mask = new("mask");
    private static readonly PictureField Background = new("background");

    /// <summary>The picture that is edited; a second one is the background.</summary>
    internal static RequestField ImagesField { get; } =
        Image.Describe("The picture to edit. Of two, the second is the background that the prompt may put the subject on.") with { Required = true, MaximumFiles = 2 };

    /// <summary>The picture that is edited.</summary>
    internal static RequestField ImageField { get; } = Image.Describe("The picture to edit.") with { Required = true };

    /// <summary>What may change.</summary>
    internal static RequestField MaskField { get; } =
        Mask.Describe("What is to be edited: the mask's transparent area, or, in a mask without transparency, its white area. As large as the picture.");

    /// <summary>What comes behind the subject.</summary>
    internal static RequestField BackgroundField { get; } = Background.Describe("The picture that \"put it on this background\" means.");

    /// <summary>What is to be done.</summary>
    internal static RequestField InstructionField { get; } = new(
        InstructionName,
        "What to do. Several instructions, as a list or one a line, are done in order.",
        new OpenApiSchema
        {
            OneOf =
            [
                new OpenApiSchema { Type = JsonSchemaType.String },
                new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String }, MaxItems = MaximumInstructions },
            ],
        });

    /// <summary>Reads a body with pictures.</summary>
    public Task<RequestFields> ReadAsync(HttpContext context, RequestSchema schema, CancellationToken cancellationToken) =>
        reader.ReadAsync(context, schema, limits.MaximumBodyBytes, cancellationToken, limits.EditedImages.MaximumBytes);

    /// <summary>The validated pictures of a request whose <c>image</c> may be two.</summary>
    /// <exception cref="ApiException">One is sent in a way that is not accepted, or none is.</exception>
    /// <exception cref="InvalidJobException">One is not accepted as a picture; the parameter names it.</exception>
    public async Task<JobPictures> ReadImagesAsync(RequestFields fields, CancellationToken cancellationToken)
    {
        var files = Image.ReadAll(fields, limits.EditedImages.MaximumBytes, 2);
        return new JobPictures
        {
            Input = await ValidateAsync(Image, files.Count > 0 ? files[0] : throw ApiException.Missing(Image.Name), cancellationToken),
            Background = files.Count > 1 ? await ValidateAsync(Image, files[1], cancellationToken) : null,
            Mask = await ReadAsync(Mask, fields, cancellationToken),
        };
    }

    /// <summary>The validated pictures of a request of a session.</summary>
    /// <param name="fields">The request's fields.</param>
    /// <param name="withImage">Whether it has the picture that is edited.</param>
    /// <param name="cancellationToken">Ends the decoding.</param>
    /// <exception cref="ApiException">One is sent in a way that is not accepted, or the picture is missing.</exception>
    /// <exception cref="InvalidJobException">One is not accepted as a picture; the parameter names it.</exception>
    public async Task<JobPictures> ReadPicturesAsync(RequestFields fields, bool withImage, CancellationToken cancellationToken) => new()
    {
        Input = withImage ? await ReadAsync(Image, fields, cancellationToken) ?? throw ApiException.Missing(Image.Name) : null,
        Mask = await ReadAsync(Mask, fields, cancellationToken),
        Background = await ReadAsync(Background, fields, cancellationToken),
    };

    /// <summary>The instructions as a prompt; empty if there are none.</summary>
    /// <exception cref="ApiException">They are neither a text nor a list of texts, or too many.</exception>
    public static string ReadInstructions(RequestFields fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return !fields.TryGet(InstructionName, out var value) ? ""
            : value.ValueKind == JsonValueKind.String ? RequestFields.TextOf(value, InstructionName)
            : EditInstructions.Join(fields.TextList(InstructionName, MaximumInstructions) ?? []);
    }

    /// <summary>The same refusal under the names that requests of sessions have.</summary>
    public static InvalidJobException Renamed(InvalidJobException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var name = exception.Parameter switch
        {
            InputPicture.Parameter => Image.Name,
            "prompt" => InstructionName,
            var other => other,
        };
        return new InvalidJobException(name, exception.Code, exception.Message, exception);
    }

    private async Task<InputPicture?> ReadAsync(PictureField field, RequestFields fields, CancellationToken cancellationToken) =>
        field.Read(fields, limits.EditedImages.MaximumBytes) is { } file ? await ValidateAsync(field, file, cancellationToken) : null;

    private async Task<InputPicture> ValidateAsync(PictureField field, ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        try
        {
            return await images.ValidateAsync(file, limits.EditedImages, cancellationToken);
        }
        catch (InvalidJobException exception)
        {
            throw new InvalidJobException(field.Name, exception.Code, exception.Message, exception);
        }
    }
}
