using System.ComponentModel;
using Emu.Pipeline.Models;

namespace Emu.Api.Models;

/// <summary>A model in OpenAI's shape, with what it can do.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="Created">When a host published it.</param>
/// <param name="OwnedBy">Always <c>emu</c>.</param>
/// <param name="Capabilities">What it can do.</param>
public sealed record ModelResource(string Id, string Object, [property: Description("Unix seconds.")] long Created, string OwnedBy, ModelCapabilitiesResource Capabilities)
{
    /// <summary>A published model.</summary>
    public static ModelResource Of(ModelCapabilities model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelResource(model.Name, "model", model.PublishedAt.ToUnixTimeSeconds(), "emu", ModelCapabilitiesResource.Of(model));
    }
}
