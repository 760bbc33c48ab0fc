namespace Emu.Api.Health;

/// <summary>Something a server needs before it can do its work.</summary>
public interface IReadinessCheck
{
    /// <summary>Its name in the answer: <c>store</c>, <c>engine</c>, <c>models</c>.</summary>
    string Name { get; }

    /// <summary>Looks.</summary>
    /// <returns>Null if all is well; otherwise what is wrong, in words that anybody may read.</returns>
    Task<string?> CheckAsync(CancellationToken cancellationToken);
}
