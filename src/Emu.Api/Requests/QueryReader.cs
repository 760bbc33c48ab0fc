using Emu.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Requests;

/// <summary>A request's query, read strictly: a parameter that is not known, given twice, or of another type is an error that names it.</summary>
public sealed class QueryReader
{
    private readonly IQueryCollection _query;

    /// <summary>Reads a query.</summary>
    /// <param name="request">The request.</param>
    /// <param name="known">The parameters that are accepted.</param>
    /// <exception cref="ApiException">400: there is another one, or one twice.</exception>
    public QueryReader(HttpRequest request, params string[] known)
    {
        ArgumentNullException.ThrowIfNull(request);
        _query = request.Query;
        foreach (var (name, values) in _query)
        {
            var shown = RequestFields.Shorten(name);
            if (!known.Contains(name))
            {
                throw ApiException.InvalidValue(shown, $"Unknown parameter: '{shown}'; accepted are {string.Join(", ", known)}.", "unknown_parameter");
            }

            if (values.Count > 1)
            {
                throw ApiException.InvalidValue(shown, $"'{shown}' is given more than once.", "duplicate_parameter");
            }
        }
    }

    /// <summary>A text, or null.</summary>
    public string? Text(string name) => _query[name] is [{ } text] ? text : null;

    /// <summary>A whole number within bounds, or null.</summary>
    public int? WholeNumber(string name, int minimum, int maximum)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return WholeNumbers.TryParse(text, out var number) && number >= minimum && number <= maximum
            ? (int)number
            : throw ApiException.InvalidValue(name, $"Invalid value '{RequestFields.Shorten(text)}' for '{name}': expected a whole number from {minimum} to {maximum}.");
    }

    /// <summary>One of several words, or null.</summary>
    public string? Word(string name, params string[] accepted)
    {
        var text = Text(name);
        return text is null || accepted.Contains(text)
            ? text
            : throw ApiException.InvalidValue(name, $"Invalid value '{RequestFields.Shorten(text)}' for '{name}': accepted are {string.Join(", ", accepted)}.");
    }
}
