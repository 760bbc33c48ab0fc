using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Emu.Api.Hosting;

/// <summary>Builds middleware and endpoints into one delegate, as <see cref="WebApplication"/> does for its own server.</summary>
internal sealed class PipelineBuilder(IServiceProvider services) : IApplicationBuilder, IEndpointRouteBuilder
{
    private readonly ApplicationBuilder _builder = new(services);

    public IServiceProvider ServiceProvider => services;

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public IServiceProvider ApplicationServices
    {
        get => _builder.ApplicationServices;
        set => _builder.ApplicationServices = value;
    }

    public IFeatureCollection ServerFeatures => _builder.ServerFeatures;

    public IDictionary<string, object?> Properties => _builder.Properties;

    public IApplicationBuilder Use(Func<RequestDelegate, RequestDelegate> middleware)
    {
        _builder.Use(middleware);
        return this;
    }

    public IApplicationBuilder New() => _builder.New();

    public IApplicationBuilder CreateApplicationBuilder() => _builder.New();

    public RequestDelegate Build()
    {
        this.UseEndpoints(endpoints =>
        {
            foreach (var source in DataSources)
            {
                endpoints.DataSources.Add(source);
            }
        });
        var api = _builder.Build();
        return context =>
        {
            // Else routing would take the host's endpoint for its own.
            context.SetEndpoint(null);
            context.Request.RouteValues = [];
            return api(context);
        };
    }
}
