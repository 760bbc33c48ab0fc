using System.Net;

namespace Emu.Pipeline.Webhooks;

/// <summary>Which addresses a webhook may be sent to.</summary>
public static class WebhookUrl
{
    /// <summary>The longest address taken, in characters.</summary>
    public const int MaximumLength = 2048;

    /// <summary>Checks an address as it is registered. Names are resolved and checked when a delivery connects, not here.</summary>
    /// <param name="text">The address.</param>
    /// <param name="allowPrivate">Whether http and addresses inside the private network are taken.</param>
    /// <param name="problem">What is wrong with it and what is accepted, if the result is null.</param>
    /// <returns>The address, or null.</returns>
    public static Uri? TryParse(string? text, bool allowPrivate, out string? problem)
    {
        problem = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaximumLength || !Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            problem = $"A webhook address is an absolute https address of at most {MaximumLength} characters.";
            return null;
        }

        if (url.Scheme != Uri.UriSchemeHttps && !(allowPrivate && url.Scheme == Uri.UriSchemeHttp))
        {
            problem = allowPrivate ? $"A webhook address begins with https:// or http://, not {url.Scheme}:." : $"A webhook address begins with https://, not {url.Scheme}:.";
        }
        else if (url.UserInfo.Length > 0)
        {
            problem = "A webhook address holds no user name or password; deliveries are signed instead.";
        }
        else if (url.Fragment.Length > 0)
        {
            problem = "A webhook address has no fragment ('#…').";
        }
        else if (!allowPrivate && IPAddress.TryParse(url.IdnHost, out var address) && !PublicAddress.IsPublicUnicast(address))
        {
            problem = $"{address} is not a public address; the server refuses addresses inside the private network (--allow-private-webhooks lets them through).";
        }

        return problem is null ? url : null;
    }
}
