using Emu.Api.Tests.Server;
using Microsoft.OpenApi;

namespace Emu.Api.Tests.OpenApi;

public sealed class OpenApiDocumentTests
{
    [Fact]
    public async Task Create_WholeTable_IsValidOpenApi31()
    {
        await using var server = await TestServer.StartAsync();
        await using var stream = await server.Client.GetStreamAsync("/openapi/v1.json");
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer);
        buffer.Position = 0;
        var result = await OpenApiDocument.LoadAsync(buffer, "json");

        Assert.Empty(result.Diagnostic!.Errors);
        Assert.Empty(result.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, result.Diagnostic.SpecificationVersion);
        Assert.NotEmpty(result.Document!.Paths);
    }
}
