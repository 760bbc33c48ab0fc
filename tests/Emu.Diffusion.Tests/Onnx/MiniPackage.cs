using System.Text.Json;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Tests.Onnx;

/// <summary>A whole pipeline in the diffusers layout, small enough to compute by hand: 4 latent channels, 32×32 pixels, 8 pixels a latent.</summary>
internal sealed class MiniPackage : IDisposable
{
    public const int TextWidth = 6;
    public const int Vocabulary = 300;
    public const string BaseScheduler = """
        {"_class_name": "DDIMScheduler", "num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
         "clip_sample": false, "set_alpha_to_one": false, "steps_offset": 1, "prediction_type": "epsilon"}
        """;

    public MiniPackage(string className, MiniDenoiser? denoiser, string? emuJson = null)
    {
        Write("model_index.json", JsonSerializer.Serialize(new Dictionary<string, object> { ["_class_name"] = className, ["_diffusers_version"] = "0.30.3" }));
        Write("scheduler/scheduler_config.json", BaseScheduler);
        Write("unet/config.json", """{"sample_size": 4, "num_frames": 3}""");
        Write("vae_decoder/config.json", """{"scaling_factor": 0.5, "latent_channels": 4, "block_out_channels": [1, 1, 1, 1]}""");
        if (emuJson is not null)
        {
            Write("emu.json", emuJson);
        }

        denoiser?.Save(Folder["unet"]);
        SaveTextEncoder();
        SaveCodec();
    }

    public TemporaryFolder Folder { get; } = new();

    public string Path => Folder.Path;

    /// <summary>Row i of the embedding table: (i·7 mod 13) / 13 in every column, plus a tenth of the column.</summary>
    public static float Embedding(int id, int column) => (id * 7 % 13 / 13f) + (0.1f * column);

    public void Write(string path, string content)
    {
        var file = Folder[path];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    /// <summary>A words tokenizer stands in for CLIP's where the family does not matter.</summary>
    public void SaveWords(string folder = "tokenizer", int length = 5) => Write($"{folder}/tokenizer.json", $$"""
        {"type": "words", "pattern": "[a-z]+", "start_id": 1, "unknown_id": 2, "first_word_id": 3, "max_length": {{length}}, "words": ["red", "green", "blue"]}
        """);

    public void SaveTextEncoder(string folder = "text_encoder", TensorElementType idType = TensorElementType.Int64, TensorElementType type = TensorElementType.Float, int layers = 0, bool pooled = false)
    {
        float[] table = [.. Enumerable.Range(0, Vocabulary * TextWidth).Select(index => Embedding(index / TextWidth, index % TextWidth))];
        var builder = new OnnxBuilder()
            .Input("input_ids", idType, "batch", "sequence")
            .Constant("table", type, [Vocabulary, TextWidth], table)
            .Node("Gather", ["table", "input_ids"], "last_hidden_state")
            .Output("last_hidden_state", type, "batch", "sequence", TextWidth);
        for (var layer = 0; layer < layers; layer++)
        {
            // Layer i is the embedding times i + 1, so that a test sees which one was taken.
            builder.Constant($"factor{layer}", type, [], layer + 1)
                .Node("Mul", ["last_hidden_state", $"factor{layer}"], $"hidden_states.{layer}")
                .Output($"hidden_states.{layer}", type, "batch", "sequence", TextWidth);
        }

        if (pooled)
        {
            builder.Node("ReduceMean", ["last_hidden_state"], "text_embeds", ("axes", new[] { 1 }), ("keepdims", 0))
                .Output("text_embeds", type, "batch", TextWidth);
        }

        builder.Save(Folder[folder]);
        if (!Directory.Exists(Folder["tokenizer"]))
        {
            SaveWords();
        }
    }

    /// <summary>Encoder: latent c is the mean of picture channel c mod 3 over 8×8 pixels, times c + 1 (mean ‖ log-variance 0). Decoder: picture channel c is latent c on 8×8 pixels.</summary>
    public void SaveCodec(TensorElementType type = TensorElementType.Float, bool distribution = true)
    {
        var outputs = distribution ? 8 : 4;
        float[] down = [.. Enumerable.Range(0, outputs * 3 * 64).Select(index => (index / 192, index / 64 % 3) is (int latent, int channel) && latent < 4 && channel == latent % 3 ? (latent + 1) / 64f : 0)];
        var name = distribution ? "latent_parameters" : "latent_sample";
        new OnnxBuilder()
            .Input("sample", type, "batch", 3, null, null)
            .Constant("weights", type, [outputs, 3, 8, 8], down)
            .Node("Conv", ["sample", "weights"], name, ("kernel_shape", new[] { 8, 8 }), ("strides", new[] { 8, 8 }))
            .Output(name, type, "batch", outputs, null, null)
            .Save(Folder["vae_encoder"]);
        float[] up = [.. Enumerable.Range(0, 4 * 3 * 64).Select(index => index / 192 == index / 64 % 3 ? 1f : 0)];
        new OnnxBuilder()
            .Input("latent_sample", type, "batch", 4, null, null)
            .Constant("weights", type, [4, 3, 8, 8], up)
            .Node("ConvTranspose", ["latent_sample", "weights"], "sample", ("kernel_shape", new[] { 8, 8 }), ("strides", new[] { 8, 8 }))
            .Output("sample", type, "batch", 3, null, null)
            .Save(Folder["vae_decoder"]);
    }

    public void Dispose() => Folder.Dispose();
}
