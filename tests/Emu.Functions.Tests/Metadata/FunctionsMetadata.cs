using System.Text.Json;

namespace Emu.Functions.Tests.Metadata;

/// <summary>The build's <c>functions.metadata</c>: what the host reads.</summary>
internal static class FunctionsMetadata
{
    /// <summary>The app's build output.</summary>
    public static string Folder { get; } = Path.GetFullPath(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "Emu.Functions.Tests"), Path.Combine("src", "Emu.Functions"), StringComparison.Ordinal));

    /// <summary>Every function.</summary>
    public static IReadOnlyList<FunctionDescription> All { get; } = Read();

    /// <summary>The functions with a trigger.</summary>
    public static IEnumerable<FunctionDescription> With(string trigger) => All.Where(function => function.Trigger == trigger);

    private static List<FunctionDescription> Read()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "functions.metadata")));
        return [.. json.RootElement.EnumerateArray().Select(function => new FunctionDescription(function.GetProperty("name").GetString()!, [.. function.GetProperty("bindings").EnumerateArray().Select(binding => binding.Clone())]))];
    }
}

/// <summary>A function, as the host reads it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bindings">Its bindings.</param>
internal sealed record FunctionDescription(string Name, IReadOnlyList<JsonElement> Bindings)
{
    /// <summary>The type of its trigger.</summary>
    public string Trigger => TypeOf(TriggerBinding);

    /// <summary>Its trigger.</summary>
    public JsonElement TriggerBinding => Bindings.Single(binding => TypeOf(binding).EndsWith("Trigger", StringComparison.Ordinal));

    /// <summary>Whether it gets a durable client.</summary>
    public bool HasClient => Bindings.Any(binding => TypeOf(binding) == "durableClient");

    /// <summary>A text of its trigger; null if it is left out.</summary>
    public string? Text(string property) => TriggerBinding.TryGetProperty(property, out var value) ? value.GetString() : null;

    /// <summary>The methods of an HTTP trigger; none means all.</summary>
    public IReadOnlyList<string> Methods => TriggerBinding.TryGetProperty("methods", out var methods) ? [.. methods.EnumerateArray().Select(method => method.GetString()!)] : [];

    private static string TypeOf(JsonElement binding) => binding.GetProperty("type").GetString()!;
}
