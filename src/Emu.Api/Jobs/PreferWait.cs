using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Jobs;

/// <summary>Reads <c>Prefer: wait=N</c> (RFC 7240): answer once the job has ended, but after N seconds at the latest.</summary>
public static class PreferWait
{
    /// <summary>How long the client would wait, at most <paramref name="longest"/>; null if it does not say. What cannot be read is ignored, as the RFC wants it.</summary>
    public static TimeSpan? Read(HttpRequest request, TimeSpan longest)
    {
        ArgumentNullException.ThrowIfNull(request);
        foreach (var preference in request.Headers["Prefer"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            var parts = preference.Split(';')[0].Split('=', StringSplitOptions.TrimEntries);
            if (parts.Length == 2
                && parts[0].Equals("wait", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(parts[1].Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return TimeSpan.FromSeconds(Math.Min(seconds, longest.TotalSeconds));
            }
        }

        return null;
    }
}
