using Emu.Pipeline.Jobs;

namespace Emu.Api.Limits;

/// <summary>The limits of one caller.</summary>
public sealed record ApiLimits
{
    private readonly long _maximumBodyBytes = 32L * 1024 * 1024;
    private readonly long _maximumPictureBytes = 16L * 1024 * 1024;
    private readonly long _maximumPicturePixels = 25_000_000;
    private readonly int _requestsPerSecond = 100;
    private readonly int _requestBurst = 400;
    private readonly int _jobsInFlight = 1000;
    private readonly TimeSpan _maximumWait = TimeSpan.FromSeconds(180);

    /// <summary>The longest request body, in bytes; at least 1 MiB, 32 MiB by default.</summary>
    public long MaximumBodyBytes { get => _maximumBodyBytes; init => _maximumBodyBytes = AtLeast(value, 1 << 20); }

    /// <summary>The longest picture file, in bytes; at least 64 KiB, 16 MiB by default.</summary>
    public long MaximumPictureBytes { get => _maximumPictureBytes; init => _maximumPictureBytes = AtLeast(value, 1 << 16); }

    /// <summary>The largest picture in pixels; at least 65,536, 25 megapixels by default. A decoded pixel takes four bytes of memory.</summary>
    public long MaximumPicturePixels { get => _maximumPicturePixels; init => _maximumPicturePixels = AtLeast(value, 1 << 16); }

    /// <summary>The largest picture that is accepted.</summary>
    public ImageLimits Images => new(MaximumPictureBytes, MaximumPicturePixels);

    /// <summary>The largest picture that is accepted for editing: as long as a body may be, and 50 megapixels.</summary>
    public ImageLimits EditedImages => new(MaximumBodyBytes, Math.Max(MaximumPicturePixels, ImageLimits.Default.MaximumPixels));

    /// <summary>Requests a second that an owner may send in the long run; 0 sets no limit; 100 by default.</summary>
    public int RequestsPerSecond { get => _requestsPerSecond; init => _requestsPerSecond = AtLeast(value, 0); }

    /// <summary>Requests that an owner may send at once after a pause; at least 1, 400 by default.</summary>
    public int RequestBurst { get => _requestBurst; init => _requestBurst = AtLeast(value, 1); }

    /// <summary>Jobs that an owner may have queued or running; at least 1, 1000 by default.</summary>
    public int JobsInFlight { get => _jobsInFlight; init => _jobsInFlight = AtLeast(value, 1); }

    /// <summary>
    /// The longest time one response may take, in waiting for a job or in sending events; from 1 to 190 seconds, 180 by default:
    /// Azure cuts a response off after 230 seconds and many proxies not long after 200.
    /// </summary>
    public TimeSpan MaximumWait
    {
        get => _maximumWait;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(190));
            _maximumWait = value;
        }
    }

    private static T AtLeast<T>(T value, T minimum, [System.Runtime.CompilerServices.CallerMemberName] string? name = null)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, minimum, name);
        return value;
    }
}
