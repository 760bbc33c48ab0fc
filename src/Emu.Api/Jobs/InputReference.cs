using System.Globalization;
using System.Text.Json;
using Emu.Api.Errors;
using Emu.Api.Limits;
using Emu.Api.Requests;
using Emu.Pipeline.Edits;
using Emu.Pipeline.Jobs;
using Microsoft.OpenApi;

namespace Emu.Api.Jobs;

/// <summary>
/// Reads <c>input_reference</c>: a picture (<see cref="PictureField"/>), or a version of an edit, <c>{"edit_id": "session_…", "version": 2}</c>.
/// </summary>
/// <param name="images">Checks untrusted images.</param>
/// <param name="sessions">The sessions of edits.</param>
/// <param name="limits">Limits of a request.</param>
public sealed class InputReference(IImageValidator images, EditSessions sessions, ApiLimits limits)
{
    /// <summary>The field's name.</summary>
    public const string Name = InputPicture.Parameter;

    private static readonly PictureField Picture = new(Name);

    /// <summary>Its description.</summary>
    public static RequestField Field { get; } = Picture.Describe(
        "The picture that the video begins from: a file in a multipart form, a data URL, or a version of an edit. Web addresses and `file_id` are refused.",
        new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["edit_id"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["version"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
            },
            Required = new HashSet<string> { "edit_id" },
        });

    /// <summary>The validated picture; null if none was sent.</summary>
    /// <param name="owner">The caller, who owns the edit.</param>
    /// <param name="fields">The request's fields.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ApiException">400: it is sent in a way that is not accepted. 413: it is too long.</exception>
    /// <exception cref="InvalidJobException">It is not accepted as a picture.</exception>
    /// <exception cref="EditSessionNotFoundException">There is no such version.</exception>
    /// <exception cref="JobConflictException">The version is not done.</exception>
    public async Task<InputPicture?> ReadAsync(string owner, RequestFields fields, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (fields.File(Name) is null && fields.TryGet(Name, out var value) && value.ValueKind == JsonValueKind.Object && value.TryGetProperty("edit_id", out var id))
        {
            return await ReadVersionAsync(owner, RequestFields.TextOf(id, $"{Name}.edit_id"), value, cancellationToken);
        }

        return Picture.Read(fields, limits.MaximumPictureBytes) is { } file ? await images.ValidateAsync(file, limits.Images, cancellationToken) : null;
    }

    private async Task<InputPicture> ReadVersionAsync(string owner, string id, JsonElement value, CancellationToken cancellationToken)
    {
        int? number = null;
        foreach (var property in value.EnumerateObject().Where(property => property.Name != "edit_id"))
        {
            // A form holds texts.
            number = property.Name != "version" ? throw ApiException.InvalidValue($"{Name}.{RequestFields.Shorten(property.Name)}", $"Unknown parameter: '{Name}.{RequestFields.Shorten(property.Name)}'; accepted are edit_id and version.", "unknown_parameter")
                : int.TryParse(property.Value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed >= 1 ? parsed
                : throw ApiException.InvalidType($"{Name}.version", "a version's number, from 1");
        }

        var version = await sessions.GetVersionAsync(owner, id, number, cancellationToken);
        var picture = await sessions.ReadPictureAsync(owner, version, cancellationToken);

        return await images.ValidateAsync(picture.Content, ImageLimits.Edited, cancellationToken);
    }
}
