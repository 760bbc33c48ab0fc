namespace Emu.Pipeline.Stages;

/// <summary>The codes that stages fail with.</summary>
public static class FailureCodes
{
    /// <summary>The input cannot be worked with, now or later.</summary>
    public const string InvalidInput = "invalid_input";

    /// <summary>The job was cancelled or deleted, or has ended meanwhile.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The job's deadline passed.</summary>
    public const string DeadlineExceeded = "deadline_exceeded";

    /// <summary>The GPU was lost; another attempt may get another one.</summary>
    public const string DeviceLost = "device_lost";

    /// <summary>There was not enough memory.</summary>
    public const string OutOfMemory = "out_of_memory";

    /// <summary>The store was full, unreachable or refusing.</summary>
    public const string StoreUnavailable = "store_unavailable";

    /// <summary>The model package is missing or broken.</summary>
    public const string ModelUnavailable = "model_unavailable";

    /// <summary>What was asked for cannot be done on this host.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>What an earlier stage should have left is not there.</summary>
    public const string MissingInput = "missing_input";

    /// <summary>The stage was done before from other input (another model, another request).</summary>
    public const string InputMismatch = "input_mismatch";

    /// <summary>Something nobody foresaw.</summary>
    public const string InternalError = "internal_error";

    /// <summary>The job's orchestration ended or vanished without ending the job.</summary>
    public const string OrchestrationLost = "orchestration_lost";
}
