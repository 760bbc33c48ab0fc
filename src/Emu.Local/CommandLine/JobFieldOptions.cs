using System.CommandLine;
using Emu.Pipeline.Jobs;

namespace Emu.Local.CommandLine;

/// <summary>The options of a command that are fields of a job's request: one for each <see cref="JobField"/> it takes.</summary>
internal sealed class JobFieldOptions(params IEnumerable<JobField> fields)
{
    private readonly Dictionary<string, Option> _options = fields.ToDictionary(field => field.Name, Create);

    /// <summary>Every option, in the order of the fields.</summary>
    public IEnumerable<Option> All => _options.Values;

    /// <summary>Reads what was given into a draft; fields that were left out keep their defaults.</summary>
    /// <exception cref="UsageException">A value is not accepted.</exception>
    public JobDraft Read(ParseResult parsed, JobKind kind)
    {
        // A picture has no length and no clip, an edit no motion: such a field is an error rather than ignored.
        var wrong = JobFields.All.FirstOrDefault(field => !field.Kinds.Contains(kind) && _options.TryGetValue(field.Name, out var option) && IsGiven(parsed, option));
        return wrong is null
            ? JobFields.Read(kind, new Reader(this, parsed))
            : throw new UsageException($"{_options[wrong.Name].Name} is for {string.Join(" and ", wrong.Kinds.Select(NameOf))} only.");
    }

    /// <summary>Whether any of the fields was given.</summary>
    public bool AreGiven(ParseResult parsed) => _options.Values.Any(option => IsGiven(parsed, option));

    /// <summary>The option's name of a field: <c>--noise-scheduler</c>; a list's is singular, as it is given once for each item.</summary>
    public static string NameOf(JobField field) => "--" + (field.OptionName ?? (field.Type == JobFieldType.TextList ? field.Name.TrimEnd('s') : field.Name)).Replace('_', '-');

    private static string NameOf(JobKind kind) => kind switch { JobKind.Video => "videos", JobKind.Image => "pictures", _ => "edits" };

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static Option Create(JobField field)
    {
        var (name, description) = (NameOf(field), field.Description.Replace("`", "", StringComparison.Ordinal));
        return field.Type switch
        {
            JobFieldType.WholeNumber => CommandOptions.Number(name, "N", description, (long)field.Minimum!, (long)field.Maximum!),
            JobFieldType.Number => CommandOptions.Number(name, "NUMBER", description, field.Minimum!.Value, field.Maximum!.Value),
            JobFieldType.Boolean => new Option<bool>(name) { Description = description },
            JobFieldType.TextList => new Option<string[]>(name) { HelpName = "NAME", Description = description, Arity = ArgumentArity.OneOrMore },
            JobFieldType.TextMap => new Option<string[]>(name) { HelpName = "NAME=TEXT", Description = description, Arity = ArgumentArity.OneOrMore },
            _ => new Option<string?>(name) { HelpName = field.Words is { } words ? string.Join('|', words) : field.Name == JobFields.Size.Name ? "WIDTHxHEIGHT" : "TEXT", Description = description },
        };
    }

    private sealed class Reader(JobFieldOptions options, ParseResult parsed) : IJobFieldReader
    {
        public string? Text(JobField field) => Value<string?>(field);

        public long? WholeNumber(JobField field) => Value<long?>(field);

        public double? Number(JobField field) => Value<double?>(field);

        public bool? Boolean(JobField field) => Value<bool>(field) ? true : null;

        public IReadOnlyList<string>? TextList(JobField field) =>
            Value<string[]>(field) is not { Length: > 0 } items ? null
            : items.Length <= field.MaximumItems ? items
            : throw new UsageException($"{NameOf(field)} was given {items.Length} times; at most {field.MaximumItems} are accepted.");

        public IReadOnlyDictionary<string, string>? TextMap(JobField field)
        {
            if (Value<string[]>(field) is not { Length: > 0 } items)
            {
                return null;
            }

            var pairs = items.Select(item => item.Split('=', 2)).ToList();
            return pairs.Find(pair => pair.Length < 2) is { } bad
                ? throw new UsageException($"{NameOf(field)} was given '{bad[0]}'; NAME=TEXT is accepted.")
                : pairs.DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        }

        public Exception Invalid(JobField field, string text, string expected) => new UsageException($"{NameOf(field)} was given '{text}': {expected}.");

        private T? Value<T>(JobField field) => options._options.TryGetValue(field.Name, out var option) ? parsed.GetValue((Option<T>)option) : default;
    }
}
