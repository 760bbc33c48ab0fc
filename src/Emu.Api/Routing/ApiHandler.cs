using Microsoft.AspNetCore.Http;

namespace Emu.Api.Routing;

/// <summary>Answers one request; a host maps it to a method and a template.</summary>
public delegate Task<IResult> ApiHandler(HttpContext context, CancellationToken cancellationToken);
