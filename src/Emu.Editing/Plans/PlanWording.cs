using System.Text.Json;
using System.Text.Json.Nodes;
using Emu.Media.Pictures;

namespace Emu.Editing.Plans;

/// <summary>How many wordings are read as meant.</summary>
/// <param name="Right">How many.</param>
/// <param name="Count">Of how many.</param>
/// <param name="Mistakes">The others: the instruction, what was read, and what was meant.</param>
public sealed record PlanAccuracy(int Right, int Count, IReadOnlyList<string> Mistakes)
{
    /// <summary>The share, 0 to 1; 0 of none.</summary>
    public double Share => Count == 0 ? 0 : Right / (double)Count;
}

/// <summary>An instruction and what it means, written down by hand to measure <see cref="PlanReader"/>.</summary>
/// <param name="Say">The instruction.</param>
/// <param name="Steps">Of each step its <c>operation</c> and <c>target</c>, and the parameters that matter, by their names in JSON; colours as <c>#rrggbb</c>.</param>
public sealed record PlanWording(string Say, IReadOnlyList<JsonObject> Steps)
{
    private const double Tolerance = 0.001;

    /// <summary>Reads a JSON file of wordings.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static IReadOnlyList<PlanWording> Load(Stream json) =>
        JsonSerializer.Deserialize<IReadOnlyList<PlanWording>>(json, JsonSerializerOptions.Web) ?? throw new JsonException("A list of wordings was expected.");

    /// <summary>How many of some wordings are read as meant.</summary>
    public static PlanAccuracy Measure(IReadOnlyList<PlanWording> wordings)
    {
        ArgumentNullException.ThrowIfNull(wordings);
        string[] mistakes = [.. wordings.Select(wording => wording.Mistake()).OfType<string>()];
        return new(wordings.Count - mistakes.Length, wordings.Count, mistakes);
    }

    /// <summary>What is wrong with how the instruction is read; null if nothing.</summary>
    public string? Mistake()
    {
        EditPlan plan;
        try
        {
            plan = PlanReader.Read([Say]);
        }
        catch (InstructionException exception)
        {
            return $"{Say}\n    refused ({exception.Code}): {exception.Message}";
        }

        var read = JsonSerializer.SerializeToNode(plan, EditPlan.Json)!["steps"]!.AsArray();
        return read.Count == Steps.Count && read.Zip(Steps).All(pair => Agrees(pair.First!.AsObject(), pair.Second))
            ? null
            : $"{Say}\n    read     {read.ToJsonString()}\n    expected {JsonSerializer.Serialize(Steps)}";
    }

    private static bool Agrees(JsonObject read, JsonObject expected)
    {
        var operation = read["operation"]!.AsObject();
        return expected.All(property => property.Key switch
        {
            "operation" => JsonNode.DeepEquals(operation["operation"], property.Value),
            "target" => JsonNode.DeepEquals(read["target"], property.Value),
            _ => Agrees(operation[property.Key], property.Value),
        });
    }

    private static bool Agrees(JsonNode? read, JsonNode? expected) => (read, expected?.GetValueKind()) switch
    {
        (JsonObject color, JsonValueKind.String) => color.Deserialize<PictureColor>(EditPlan.Json) is var made && $"#{made.Red:x2}{made.Green:x2}{made.Blue:x2}" == expected!.GetValue<string>(),
        (JsonValue value, JsonValueKind.Number) => value.GetValueKind() == JsonValueKind.Number && Math.Abs(value.GetValue<double>() - expected!.GetValue<double>()) < Tolerance,
        _ => JsonNode.DeepEquals(read, expected),
    };
}
