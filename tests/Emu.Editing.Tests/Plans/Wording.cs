using System.Text.Json;
using System.Text.Json.Nodes;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Tests.Plans;

/// <summary>An instruction and the steps that it means: of each its operation and target, and the parameters that matter.</summary>
/// <param name="Say">The instruction.</param>
/// <param name="Steps">The steps; colours as <c>#rrggbb</c>.</param>
internal sealed record Wording(string Say, IReadOnlyList<JsonObject> Steps)
{
    private const double Tolerance = 0.001;

    /// <summary>The wordings of a file.</summary>
    public static IReadOnlyList<Wording> Load(string name) => Load<Wording>(name);

    /// <summary>The instructions of a file that are no edits.</summary>
    public static IReadOnlyList<string> LoadRefused() => Load<string>("refused.json");

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

    private static IReadOnlyList<T> Load<T>(string name) =>
        JsonSerializer.Deserialize<IReadOnlyList<T>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Plans", "Wordings", name)), JsonSerializerOptions.Web)!;
}
