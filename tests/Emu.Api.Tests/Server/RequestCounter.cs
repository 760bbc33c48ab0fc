using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Emu.Api.Tests.Server;

/// <summary>Counts the requests that a server is working on.</summary>
public sealed class RequestCounter : IStartupFilter
{
    private int _inProgress;

    public int InProgress => Volatile.Read(ref _inProgress);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (_, handle) =>
        {
            Interlocked.Increment(ref _inProgress);
            try
            {
                await handle();
            }
            finally
            {
                Interlocked.Decrement(ref _inProgress);
            }
        });
        next(app);
    };
}
