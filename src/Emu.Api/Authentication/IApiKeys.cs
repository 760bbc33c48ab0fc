namespace Emu.Api.Authentication;

/// <summary>The keys that a host knows: a file on one machine, a vault in a cloud.</summary>
public interface IApiKeys
{
    /// <summary>Every key that was ever made, revoked ones too. Where there is none, requests need none.</summary>
    ValueTask<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken);
}
